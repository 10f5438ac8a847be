"""A wrong design is refused with its line, whatever stands there, before much has been done."""

from __future__ import annotations

from pathlib import Path

import pytest
from effort import soon_refused
from miniature import WORDS

from xiancheng.study import Study
from xiancheng.sweeps import design
from xiancheng.texts import in_language

DRAWN = WORDS + "\n[sampling]\nn = 8\n"
GRANT = DRAWN + "[levers.grant]\n"
SCALE = DRAWN + "[constants.grant_scale]\n"
# what stands there -> (text, line, words of what was found, words of what is allowed)
WRONG = {
    "a bound of 400 digits": (GRANT + f"low = 0\nhigh = {'9' * 400}\n", 13, "18 digits", "18 digits"),
    "a hexadecimal number of points": (WORDS + f"[sampling]\nn = 0x{'f' * 3000}\n", 9, "18 digits", "18 digits"),
    "a truth for a number of points": (WORDS + "[sampling]\nn = true\n", 9, "sampling.n is True", "1 to 10,000,000"),
    "no number of points": (WORDS + "[sampling]\nsampler = 'lhs'\n", 8, "sampling.n is missing", "1 to 10,000,000"),
    "no sampling": (WORDS + "[levers.grant]\nlow = 0\nhigh = 9\n", None, "sampling is missing", "sampler, n"),
    "an unknown distribution": (
        GRANT + "distribution = 'unifrom'\nlow = 0\nhigh = 9\n", 12, "'unifrom'", "uniform, loguniform, triangular"),
    "numbers of another distribution": (GRANT + "low = 0\nhigh = 9\nsd = 1\n", 14, "levers.grant.sd", "low, high"),
    "a distribution without its numbers": (GRANT + "distribution = 'normal'\nmean = 9\n", 11, "sd is missing", "above"),
    "a spread of nothing": (GRANT + "distribution = 'normal'\nmean = 9\nsd = 0\n", 14, "sd is 0", "above 0"),
    "a logarithm of nothing": (
        SCALE + "distribution = 'loguniform'\nlow = 0\nhigh = 9\n", 13, "low is 0", "a number above 0"),
    "ends that have changed places": (SCALE + "low = 9\nhigh = 1\n", 11, "low 9, high 1", "low < high"),
    "no range in the tables": (SCALE + "from = 'tabel'\n", 12, "no range from 'tabel'", "table, prior"),
    "a path that is not there": (
        DRAWN + "[assumptions.fertility_path]\nchoices = ['lowest']\n", 12, "choices.0 is 'lowest'", "reference, low"),
    "a path twice": (
        DRAWN + "[assumptions.fertility_path]\nchoices = ['low', 'low']\n", 12, "low more than once", "once"),
    "a lever beyond the runs": (GRANT + "low = 0\nhigh = 9\nyear = 2040\n", 14, "2040", "2026 to 2035"),
    "a lever of the province at a place": (
        DRAWN + "[levers.tax_relief]\nlow = 0\nhigh = 1\nplaces = ['莘县']\n", 14, "whole province", "all"),
    "a place that is not there": (GRANT + "low = 0\nhigh = 9\nplaces = '华县'\n", 14, "华县", "names or codes"),
    "a year before the start": (DRAWN + "[output]\nyears = [2010]\n", 12, "2010", "2020 to 2035"),
    "a quantile of two": (DRAWN + "[output]\nquantiles = [2.0]\n", 12, "2 is out of range", "0 to 1"),
    "an end before the start": (DRAWN + "[runs]\nend = 2019\n", 12, "2019", "2021 to 2050"),
    "a start without a census": (DRAWN + "[runs]\nstart = 2015\n", 12, "2015", "2020"),
    "more members than there are": (DRAWN + "[runs]\nmembers = 99\n", 12, "runs.members is 99", "up to 8"),
    "points and nothing that differs": (DRAWN, 10, "nothing that differs", "[levers.…]"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_design_is_refused_where_it_is_wrong(name: str, mini: Study, tmp_path: Path) -> None:
    text, row, words, allowed = WRONG[name]
    file = tmp_path / "wrong.toml"
    file.write_text(text, encoding="utf-8")
    first = soon_refused(lambda: design.read(mini, file))[0]
    assert (first.file, first.row) == (str(file), row)
    assert words in first.found
    assert allowed in first.allowed
    assert any("一" <= letter <= "鿿" for letter in str(in_language(first.found, "zh")))


def test_the_order_of_the_file_is_the_order_of_the_factors(mini: Study, tmp_path: Path) -> None:
    """Draws follow it, so that a design of yesterday draws what it drew."""
    file = tmp_path / "order.toml"
    tables = [f"[levers.{name}]\nlow = 0\nhigh = 1\n" for name in ("tax_relief", "grant")]
    for listed in (tables, tables[::-1]):
        file.write_text(DRAWN + "".join(listed), encoding="utf-8")
        names = [factor.id for factor in design.read(mini, file).factors]
        assert names == [table.split("]")[0].removeprefix("[levers.") for table in listed]
