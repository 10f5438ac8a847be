"""Types of counties: rows follow from the censuses by the rules they tell, and a setting may name a type."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from xiancheng.errors import StudyError
from xiancheng.model import place_types
from xiancheng.scenarios import scenario
from xiancheng.study import Study

YEARLY_LOSS, INDUSTRY, FARMS = -0.01, 0.20, 0.40


@pytest.fixture
def study(root: Path) -> Study:
    return Study(root)


def rows(study: Study, table: str) -> list[dict[str, str]]:
    with (study.tables / table).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def by_rule(study: Study) -> dict[str, set[str]]:
    """Types from the tables of the censuses alone, with nothing of the package."""
    residents = {(row["place"], row["year"]): float(row["value"]) for row in rows(study, "census_units.csv")
                 if row["quantity"] == "residents"}
    jobs: dict[str, dict[str, float]] = defaultdict(dict)
    for row in rows(study, "employment_by_industry_2020.csv"):
        jobs[row["place"]][row["industry"]] = float(row["value"])
    types: dict[str, set[str]] = defaultdict(set)
    for place in rows(study, "places.csv"):
        code = place["code"]
        if code.startswith("rest_"):
            continue
        growth = (residents[code, "2020"] / residents[code, "2010"]) ** 0.1 - 1
        own = jobs[code]
        kinds = {
            "losing_people": growth < YEARLY_LOSS,
            "specialised": (own["manufacturing"] + own["mining"]) / own["all"] >= INDUSTRY,
            "near_big_city": place["circle"] != "",
            "farm": own["agriculture"] / own["all"] >= FARMS,
            "other": True,
        }
        types[next(name for name, holds in kinds.items() if holds)].add(code)
    return types


def test_every_listed_county_is_of_the_type_that_the_rules_give(study: Study) -> None:
    table = {row["type"]: set(row["places"].split("; ")) for row in rows(study, "county_types.csv")}
    assert table == by_rule(study)


def test_a_setting_for_a_type_is_one_for_its_places(study: Study, tmp_path: Path) -> None:
    """In a file, on the command line, and written back as it came."""
    file = tmp_path / "plan.toml"
    file.write_text('title = { zh = "甲", en = "A" }\nsentence = { zh = "甲。", en = "A." }\n'
                    '[levers.county_industry]\npoints = { 2030 = 2 }\nplaces = { type = "specialised" }\n', "utf-8")
    chosen = scenario.read(study, file).levers["county_industry"][0]
    called = scenario.from_settings(study, ["county_industry=2@2030:type=specialised"]).levers["county_industry"][0]
    named = {row["type"]: row["places"].split("; ") for row in rows(study, "county_types.csv")}["specialised"]
    assert chosen.places == called.places
    assert {place.removeprefix("p") for place in chosen.places} == set(named)
    assert chosen.plain["places"] == called.plain["places"] == {"type": "specialised"}


def test_a_type_that_is_none_is_told_on_the_command_line(study: Study) -> None:
    with pytest.raises(StudyError, match=r"no places of type special[\s\S]*specialised"):
        scenario.from_settings(study, ["county_industry=2:type=special"])


def test_a_place_is_of_one_type_and_of_the_census(study: Study, tmp_path: Path) -> None:
    text = ",".join(place_types.COLUMNS) + "\na,A,甲,r,则,370124,assumed,s,\nb,B,乙,r,则,370124; 99,assumed,s,\n"
    (tmp_path / place_types.FILE).write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        place_types.read(tmp_path, {"370124"})
    assert [problem.row for problem in caught.value.problems] == [3, 3]
