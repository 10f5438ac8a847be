"""The packages and stress scenarios of the study: whole, within range and ramp of every lever, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiancheng.outputs import articles
from xiancheng.scenarios import levers, scenario
from xiancheng.study import Study

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = sorted(file.stem for file in (ROOT / "scenarios" / "packages").glob("*.toml"))
STRESSES = sorted(file.stem for file in (ROOT / "scenarios" / "stress").glob("*.toml"))


@pytest.fixture(scope="module")
def study() -> Study:
    return Study(ROOT)


def test_there_are_nine_packages_beside_the_baseline_and_five_stresses() -> None:
    assert (len(PACKAGES), len(STRESSES)) == (9, 5)


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_asks_a_question_and_names_its_trade_off(study: Study, name: str) -> None:
    found = scenario.read(study, name)
    for words in (found.title, found.sentence, found.question, found.trade_off):
        assert set(words) == {"zh", "en"}
    assert found.levers


@pytest.mark.parametrize("name", PACKAGES)
def test_no_ramp_holds_a_package_back(study: Study, name: str) -> None:
    """What it asks for is reached in the year it asks for it, and money is in the model."""
    assert not scenario.read(study, name).notes


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_begins_at_the_policys_first_year_and_is_whole_in_2035(study: Study, name: str) -> None:
    settings = [setting for found in scenario.read(study, name).levers.values() for setting in found]
    assert {tuple(setting.points) for setting in settings} == {(2026, 2030, 2035)}


def test_shrinking_smartly_is_for_those_who_shrink(study: Study) -> None:
    settings = [setting for found in scenario.read(study, "shrink_smartly").levers.values() for setting in found]
    assert {setting.losing_more_than for setting in settings} == {0.01}


def test_balanced_text_moves_every_article(study: Study) -> None:
    """Of every article that levers stand for, the package pulls one away from its baseline."""
    catalogue, settings = levers.read(study), scenario.read(study, "balanced_text").levers
    pulled = {name for name, several in settings.items()
              if any(value != catalogue[name].baseline for setting in several for value in setting.points.values())}
    text = articles.read(study)
    of_article = {article: {name for clause in text.clauses_of(article) for name in clause.levers} & set(catalogue)
                  for article in text.articles}
    assert not [article for article, names in of_article.items() if names and not names & pulled]


@pytest.mark.parametrize("name", STRESSES)
def test_a_stress_changes_what_comes_from_outside_and_no_lever(study: Study, name: str) -> None:
    found = scenario.read(study, name)
    assert len(found.assumptions) == 1
    assert found.levers == {}
