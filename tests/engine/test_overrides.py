"""Values and tables are put where the reader found the equations; the rest stays, unknown names are told."""

from __future__ import annotations

import pytest

from xiancheng.engine.overrides import override
from xiancheng.errors import StudyError

TEXT = """{UTF-8}
place: p1, p2 ~ ~ |
pull[p1] = {why} 2 * other[p1] ~~|
pull[p2] := other[p2] ^ 2
	~ dmnl
	~ The "pull = 3" is no equation. |
"a = b"[place] = 4 ~ ~ |
other[place] = GET DIRECT CONSTANTS('blocks/start_2020/x.csv', ',', 'B2*') ~ ~ |
FINAL TIME = 2035 ~ year ~ FINAL TIME = 2035 |
"""


def test_every_equation_of_a_variable_takes_the_value_and_nothing_else_changes() -> None:
    changed = override(TEXT, {"Pull": 0, "final_time": 2050.25})
    assert changed == (TEXT.replace("{why} 2 * other[p1]", "0").replace(":= other[p2] ^ 2", "= 0")
                       .replace("FINAL TIME = 2035 ~", "FINAL TIME = 2050.25 ~"))


def test_a_sign_inside_a_name_in_quotes_is_no_sign() -> None:
    assert override(TEXT, {'"a = b"': 1.5}) == TEXT.replace("[place] = 4", "[place] = 1.5").replace("{why}", " " * 5)


def test_tables_are_renamed_and_cells_are_not() -> None:
    changed = override(TEXT, {}, lambda table: table.replace("2020", "2010"))
    assert changed == TEXT.replace("{why}", " " * 5).replace("start_2020", "start_2010")


def test_names_that_no_equation_defines_are_told_at_once() -> None:
    with pytest.raises(StudyError) as caught:
        override(TEXT, {"pul": 0, "gone": 1}, file="cuts.csv")
    assert [problem.file for problem in caught.value.problems] == ["cuts.csv", "cuts.csv"]
    assert "pull" in caught.value.problems[0].hint
