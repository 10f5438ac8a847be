"""Tables on a screen: nothing that a row says is lost, however narrow the terminal."""

from __future__ import annotations

import pytest

from xiancheng.cli import screen
from xiancheng.cli.session import Session

TITLES = {"name": "the 68", "y2020": "2020", "y2035": "2035", "unit": "unit", "behind": "2035 in numbers"}
LINES = [
    ["Residents", "43.82 million", "35.00 million", "persons", "-"],
    [
        "Public cost of services and programmes, per resident",
        "4,309",
        "5,767",
        "yuan per resident a year",
        "20.14 million",
    ],
]


@pytest.mark.parametrize("width", [44, 60, 80, 100, 160])
def test_every_figure_stands_whole_beside_its_name(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    screen.table(Session("en"), LINES, TITLES, ("y2020", "y2035", "behind"))
    shown = capsys.readouterr().out.splitlines()
    assert max(map(len, shown)) <= width
    for line in LINES:
        for figure in (line[1], line[2], line[4]):
            assert any(row.startswith(line[0][:9]) and figure in row for row in shown), figure
    parts = sum(row.startswith("the 68") for row in shown)
    assert (parts == 1) == (width >= 110)
