"""Levers act in the places that they aim at, and what they do lies in corridors that come from outside the model."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from xiancheng.errors import StudyError
from xiancheng.model.places import LIST, PROVINCE
from xiancheng.outputs import corridors, views
from xiancheng.scenarios import levers, scenario
from xiancheng.study import Study
from xiancheng.sweeps import behaviour
from xiancheng.texts import in_language

ROOT = Path(__file__).resolve().parents[2]
with (ROOT / "outputs" / corridors.FILE).open(encoding="utf-8", newline="") as lines:
    ROWS = [(row["lever"], row["setting"], row["measure"]) for row in csv.DictReader(lines)]
OUTSIDE = {("health_beds", "low", "saved_per_person")}
"""What lies outside its corridor: in a run of everything fewer than 1,000 are lost with beds, for what is saved pays
for other works. By itself the effect reaches into the corridor: tests/linked/test_couplings.py."""


@cache
def effects() -> Sequence[behaviour.Effect]:
    """Every lever at both ends of its range."""
    return behaviour.effects(Study(ROOT))


@pytest.mark.study
def test_what_a_lever_does_lies_in_its_corridor() -> None:
    """Bounds come from figures of the literature and from accounts; a row speaks of one run at least.

    What lies outside is known, and told so in docs/behaviour.md; once inside, it has to go from OUTSIDE.
    """
    verdicts: dict[tuple[str, str, str], list[tuple[str, float, float, bool]]] = {row: [] for row in ROWS}
    for effect in effects():
        for bound, inside in effect.verdicts:
            value = effect.amounts[bound.measure]
            verdicts[bound.lever, bound.setting, bound.measure].append((effect.lever.id, effect.value, value, inside))
    assert [row for row, values in verdicts.items() if not values] == []
    wrong = {row: [value for value in values if not value[-1]] for row, values in verdicts.items()}
    assert {row for row, values in wrong.items() if values} == OUTSIDE, wrong


def test_the_page_says_what_lies_outside_and_nothing_else_does() -> None:
    """Each corridor has a line in docs/behaviour.md, which says outside for the rows of OUTSIDE alone."""
    page = (ROOT / "docs" / "behaviour.md").read_text(encoding="utf-8")
    catalogue = levers.read(Study(ROOT))
    outside = [line for line in page.partition("## Corridors")[2].splitlines() if "| outside |" in line]
    assert len(outside) == len(OUTSIDE)
    for lever, _, _ in OUTSIDE:
        assert [line for line in outside if line.startswith(f"| {catalogue[lever].title['en']} |")], lever


@pytest.mark.study
def test_a_lever_does_the_same_alone_and_among_all() -> None:
    """The runs of a batch know nothing of each other."""
    chosen = effects()[3].lever.id
    alone = behaviour.effects(Study(ROOT), [chosen])
    assert repr(alone) == repr(tuple(one for one in effects() if one.lever.id == chosen))


def test_money_by_person_is_infinite_where_it_holds_nobody_and_missing_where_none_is_spent() -> None:
    """A price needs money and somebody who is held for it."""
    assert behaviour._per(5e9, 5e3, 1e3) == 1e6
    assert behaviour._per(5e9, 10.0, 1e3) == float("inf")
    assert str(behaviour._per(-5e9, 5e3, 1e3)) == "nan"


def test_money_is_added_up_over_years_and_need_left_unpaid_is_the_mean_of_a_year() -> None:
    """What stays unpaid for ten years is one need, not ten."""
    study = Study(ROOT)
    book = scenario.book(study)
    design, lever = behaviour._design(study, book), book.levers["county_industry"]
    labels = {"indicator": list(design.indicators), "year": list(design.years),
              "area": [LIST, PROVINCE, *(place.code for place in book.places)]}
    pair = xr.DataArray(np.zeros((2, *map(len, labels.values()))), dims=("run", *labels), coords=labels)
    for view, amount in (("public", 3.0), ("unfunded", 5.0)):
        pair.loc[{"run": 1, "indicator": views.leading(study, view)}] = amount
    amounts = behaviour._amounts(study, book, pair.assign_coords(run=[0, 1]), lever, "")
    places = len(behaviour._aim(book, lever))
    assert amounts["public"] == 3.0 * places * len(design.years)
    assert amounts["unfunded"] == 5.0 * places


def effect(lever: str, price: float, note: str = "") -> behaviour.Effect:
    """An effect with a price by resident, explained by a note of the lever's own corridor."""
    bound = corridors.Corridor(lever, "high", corridors.WHOLE_PER_PERSON, 0, 1, 2, "a census", {"en": note, "zh": note})
    row = levers.read(Study(ROOT))[lever]
    return behaviour.Effect(row, row.high, 0, 1, "", {corridors.PER_PERSON: price}, ((bound, True),))


def test_a_lever_that_is_ten_times_cheaper_than_all_others_owes_a_sentence() -> None:
    cheap, usual, dear, idle = (effect("county_industry", 5e4, "Because."), effect("park_green", 5e5),
                                effect("health_beds", 9e6), effect("rent_support", float("inf")))
    assert behaviour.bargains([cheap, usual, dear, idle]) == [cheap]
    assert behaviour.reason(cheap, "zh") == "Because."
    assert behaviour.reason(usual, "en") == ""


def test_a_lever_is_not_held_against_its_own_other_end() -> None:
    one, other = effect("county_industry", 5e4), effect("county_industry", 5e6)
    assert behaviour.bargains([one, other]) == []
    assert behaviour.bargains([one, other, effect("park_green", 4e5)]) == []


def test_no_price_by_resident_of_the_docs_is_ten_times_below_all_others_without_a_sentence() -> None:
    """The table of docs/behaviour.md as readers see it: who is far cheaper than all others is explained below it."""
    page = (ROOT / "docs" / "behaviour.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in page.splitlines() if line[:1] == "|"]
    column = rows[0].index("yuan per resident")
    effects_of = rows[2:next(number for number, row in enumerate(rows) if number and row[:2] == rows[0][:2])]
    prices = {row[0]: [] for row in effects_of}  # type: dict[str, list[float]]
    for row in effects_of:
        match = re.fullmatch(r"([\d.,]+)( million| billion)? yuan", row[column])
        if match:
            size = {None: 1.0, " million": 1e6, " billion": 1e9}[match[2]]
            prices[row[0]].append(float(match[1].replace(",", "")) * size)
    least = {lever: min(values) for lever, values in prices.items() if values}
    assert len(least) > 5
    for lever, price in least.items():
        if all(price * behaviour.FAR <= other for name, other in least.items() if name != lever):
            sentences = [line for line in page.splitlines() if line.startswith(f"{lever}, ")]
            assert sentences, lever
            assert all("Nobody has explained" not in sentence for sentence in sentences), lever


def test_default_stands_for_the_places_that_a_lever_aims_at() -> None:
    study = Study(ROOT)
    aimed, listed = (scenario.from_settings(study, [f"county_industry=1:{word}"]) for word in ("default", "68"))
    assert aimed.levers == listed.levers
    assert aimed.notes == ()


def test_a_setting_without_places_still_acts_everywhere_and_says_so() -> None:
    """What was written before keeps its places; a lever that aims at all places has nothing to say."""
    study = Study(ROOT)
    wide = scenario.from_settings(study, ["county_industry=1", "park_green=0.3"])
    assert len(wide.levers["county_industry"][0].places) == 84
    assert [note.key for note in wide.notes] == ["lever.everywhere"]
    assert "--set county_industry=…:default" in in_language(wide.notes[0], "zh")
    assert "park_green" not in in_language(wide.notes[0], "en")
    assert scenario.from_settings(study, ["county_industry=1:all"]).notes == ()


def test_a_wrong_table_of_corridors_is_told_all_at_once(tmp_path: Path) -> None:
    for room in ("scenarios", "outputs", "model"):
        shutil.copytree(ROOT / "tests" / "mini" / room, tmp_path / room)
    table = tmp_path / "outputs" / corridors.FILE
    table.write_text(",".join(corridors.HEADER) + "\ngrantt,low,people,0,,1,persons,a census,\n"
                     "grant,high,joy,0,,x,persons,,\n", encoding="utf-8")
    with pytest.raises(StudyError) as error:
        corridors.read(Study(tmp_path))
    wrong = " ".join(in_language(problem.found, "en") for problem in error.value.problems)
    assert all(word in wrong for word in ("grantt", "joy", "source", "'x'"))


def test_a_study_without_the_table_knows_of_no_corridor() -> None:
    assert corridors.read(Study(ROOT / "tests" / "mini")) == ()
