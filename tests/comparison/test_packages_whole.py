"""All packages with and without each of their levers: what stands in docs/packages.md is what a run gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks import packages
from xiancheng.comparison import reliance, words
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import owed
from xiancheng.outputs import units, views
from xiancheng.study import Study

LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def ran(root: Path) -> Comparison:
    return packages.run(Study(root))


@pytest.mark.study
def test_no_package_owes_most_of_its_gain_to_an_assumed_lever_unsaid(ran: Comparison) -> None:
    """More than 60 % lost without one lever of the weakest mark: the report names the lever, page one the option."""
    for language in LANGUAGES:
        spoken = units.spoken(ran.study, language)
        brief, whole = ("\n".join(part(ran, spoken)) for part in (owed.brief, owed.sentences))
        for item in ran.reliances:
            if item.share.median > reliance.MOST and ran.levers[item.lever].evidence == "assumed":
                assert ran.levers[item.lever].title[language] in whole
                assert packages.is_named(item.option, brief)


@pytest.mark.study
def test_the_page_of_the_packages_is_what_the_command_writes(ran: Comparison) -> None:
    spoken = units.spoken(ran.study, "en")
    page = packages.PAGE.read_text(encoding="utf-8")
    assert packages.sheet(ran, spoken) in page


def test_a_package_in_one_look_names_three_levers_beside_each_change_that_counts(many: Comparison) -> None:
    spoken = units.spoken(many.study, "en")
    rows, looks = packages.figures(many, spoken), views.of(many.study, packages.VIEW)
    assert len(rows) == len(many.request.options) * len(looks)
    for row in rows:
        assert row[-1].count("%") == (0 if row[-2] == packages.SAME else packages.DECISIVE), row
    assert {row[-2] for row in rows} > {packages.SAME, "better"}


def test_what_a_package_costs_is_the_sum_of_all_years_above_the_baseline(many: Comparison) -> None:
    spoken = units.spoken(many.study, "en")
    heads, *lines = packages.purses(many, spoken)
    names = views.of(many.study, "price_tag")
    years = many.accounts.years(many.areas)
    assert [row[0] for row in lines] == [option.id for option in many.request.options]
    values = many.areas[names[0]].sel(area="province", stress="reference", year=years).sum("year")
    expected = float((values.sel(scenario="A") - values.sel(scenario="baseline")).median())
    assert lines[0][1] == words.change(expected, "yuan", spoken)
    assert len(heads) == 1 + len(names)


def test_every_package_stands_in_the_page_with_a_word_on_what_its_report_says(root: Path) -> None:
    page = (root / "docs" / "packages.md").read_text(encoding="utf-8")
    names = [file.stem for file in (root / "scenarios" / "packages").glob("*.toml")]
    lines = [line for line in page.splitlines() if line.count(" | ") == len(packages.PROMISES) - 1]
    assert {line.strip("| ").split(" | ")[0] for line in lines} - {"package", "---"} == set(names)
    assert not [line for line in lines if re.search(r"\| NO \|$", line)]
