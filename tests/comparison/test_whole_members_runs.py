"""Members of the whole model in runs: each is the run of its own numbers, and what a user sets holds in all."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from miniature import WORDS

from xiancheng.calibration import joint_prior, mixed_members, series, ties, unknowns, whole_members
from xiancheng.comparison import attribution, changes, grounds, request, runs, shares
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import origins, proof
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.engine.parameters import TimePath
from xiancheng.errors import StudyError
from xiancheng.model import members, tables
from xiancheng.model.inputs import inputs
from xiancheng.outputs import journey, places
from xiancheng.scenarios import scenario
from xiancheng.study import Study
from xiancheng.sweeps import bands, design, reading
from xiancheng.sweeps import journey as journeys
from xiancheng.sweeps.factors import MEMBER
from xiancheng.texts import text
from xiancheng.web.simulator import CompiledSimulator

BIRTHS = "birth rate per child"


@pytest.fixture(scope="module")
def whole(mini: Study, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The miniature study, whose members of people differ in who leaves, and those of the whole model in births too."""
    folder = tmp_path_factory.mktemp("whole") / "study"
    shutil.copytree(mini.root, folder)
    study = Study(folder)
    rows = csv.DictReader((study.calibration / members.FILE).read_text(encoding="utf-8").splitlines())
    lines = ["member,leaving rate", *(f"{row['member']},{row['leaving rate']}" for row in rows)]
    (study.calibration / members.FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    header = ",".join(unknowns.HEADER)
    (study.calibration / unknowns.FILE).write_text(
        f"{header}\n*,*,*,*,behaviour,,,,,,,,All that is not about people\n", encoding="utf-8")
    whole_members.write(study, shares.FEWEST)
    return study


@pytest.fixture(autouse=True)
def _own_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of the miniature study are not those of the real one."""
    monkeypatch.setattr(tables, "check", lambda root: None)


def test_a_comparison_runs_each_member_on_its_own_numbers(whole: Study) -> None:
    told = request.read(whole, ["stay"], members=4)
    assert (told.kind, told.members) == (whole_members.WHOLE, (1, 2, 3, 4))
    found = runs.run(whole, told, by_lever=False)
    drawn = whole_members.read(whole, 4)
    assert np.ptp(drawn.constants[BIRTHS]) > 0
    own = {name: values[2] for name, values in drawn.constants.items()}
    alone = journey.run(journey.prepare(whole, constants=own), variables=["residents"])
    expected = places.aggregate(alone, places.PROVINCE)["residents"].isel(area=0).values
    cell = found.areas["residents"].sel(scenario=BASELINE, stress=REFERENCE, member=3, area=places.PROVINCE)
    np.testing.assert_allclose(cell.values, expected, rtol=1e-6)
    comparison = Comparison(whole, told, found)
    assert comparison.words_of_bands == "compare.bands.whole"
    numbers = {item.name: item for item in comparison.claims.numbers}
    np.testing.assert_array_equal(numbers[BIRTHS].values, drawn.constants[BIRTHS])
    assert {item.group for item in numbers.values()} == {unknowns.PEOPLE, unknowns.BEHAVIOUR}
    assert comparison.manifest()["members_of"] == whole_members.WHOLE


def test_members_of_people_are_the_former_kind(whole: Study, tmp_path: Path) -> None:
    told = request.read(whole, ["stay"], members="people:3")
    assert (told.kind, told.members) == (whole_members.PEOPLE, (1, 2, 3))
    found = runs.run(whole, told, by_lever=False)
    shutil.copytree(whole.root, tmp_path / "study")
    former = Study(tmp_path / "study")
    (former.calibration / whole_members.FILE).unlink()
    before = runs.run(former, request.read(former, ["stay"], members=3), by_lever=False)
    np.testing.assert_array_equal(found.areas["residents"].values, before.areas["residents"].values)


def test_what_a_user_sets_holds_in_every_member(whole: Study) -> None:
    setting = "birth_rate_per_child=0.006"
    held = bands.run(journey.prepare(whole, settings=[setting]), 6)["residents"]
    people = bands.run(journey.prepare(whole, settings=[setting]), "people:6")["residents"]
    drawn = bands.run(journey.prepare(whole), 6)["residents"]

    def width(values: xr.DataArray) -> float:
        return float(np.ptp(values.sel(area=places.PROVINCE, year=2035).values))

    assert width(held) < width(drawn)
    assert width(people) > 0


def test_bands_tell_their_kind(whole: Study) -> None:
    found = bands.run(journey.prepare(whole), 3)
    assert found.attrs["kind"] == whole_members.WHOLE
    assert bands.run(journey.prepare(whole), "people:3").attrs["kind"] == whole_members.PEOPLE


def test_the_last_year_by_member_is_what_its_band_is_made_of(whole: Study) -> None:
    built = journey.prepare(whole)
    drawn = whole_members.read(whole, 5).but(built.scenario.constants)
    ends = bands.last_year(built, drawn.parameters(), 5, ["residents"], [places.PROVINCE])
    values = ends[places.PROVINCE]["residents"]
    band = bands.run(built, 5)["residents"].sel(area=places.PROVINCE).isel(year=-1)
    assert np.ptp(values) > 0
    np.testing.assert_allclose(band.values, np.quantile(values, bands.SHARES), rtol=1e-6)


def test_whether_groups_may_be_mixed_is_said_by_what_conditioning_did(
    whole: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series, "published", lambda study: series.Published((), np.empty((0, 0))))
    shutil.copytree(whole.root, tmp_path / "study")
    study = Study(tmp_path / "study")
    assert origins.tied(study, "en") == [text("report.origins.drawn", "en")]
    labels = joint_prior.streams(study)
    whole_members.write_conditioned(study, labels, np.zeros((3, len(labels))), sorted(members.read(study))[:3])
    assert origins.tied(study, "zh") == [text("report.origins.untold", "zh")]
    loose = ties.Tie("behaviour", "start", "number a[]", "parameter b", -0.1, 0.2)
    close = replace(loose, other_group="levers", correlation=-0.4, most=0.6)
    ties.write(study.calibration / ties.FILE, [loose])
    (apart,) = origins.tied(study, "en")
    assert "more than 0.20" in apart
    assert "state at the start" in apart
    ties.write(study.calibration / ties.FILE, [loose, close])
    (tied,) = origins.tied(study, "zh")
    assert "0.60" in tied
    assert "a与b（-0.40）" in tied


def test_caveats_say_whether_series_bear_on_the_bands(
    whole: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(series, "published", lambda study: series.Published((), np.empty((0, 0))))
    told = request.read(whole, ["stay"], members=2)
    comparison = Comparison(whole, told, runs.run(whole, told, by_lever=False))
    assert text("report.caveat_marks.whole", "zh") in proof.caveat_sentences(comparison, "zh")
    shutil.copytree(whole.root, tmp_path / "study")
    study = Study(tmp_path / "study")
    labels = joint_prior.streams(study)
    whole_members.write_conditioned(study, labels, np.zeros((2, len(labels))), sorted(members.read(study))[:2])
    said = proof.caveat_sentences(replace(comparison, study=study), "zh")
    assert text("report.caveat_marks.whole.conditioned", "zh") in said
    assert text("report.caveat_marks.whole", "zh") not in said


def test_a_mixed_member_has_one_group_of_another_and_the_rest_of_its_own(whole: Study) -> None:
    drawn = whole_members.read(whole)
    mixed = mixed_members.read(whole, [5, mixed_members.name(2, unknowns.BEHAVIOUR, 7)])
    births, leaving = (drawn.constants[name] for name in (BIRTHS, "leaving rate"))
    np.testing.assert_array_equal(mixed.constants[BIRTHS], births[[4, 6]])
    np.testing.assert_array_equal(mixed.constants["leaving rate"], leaving[[4, 1]])
    assert mixed.people == (drawn.people[4], drawn.people[1])


def test_the_band_of_a_change_comes_from_the_groups_that_differ(whole: Study) -> None:
    """Members differ in who leaves and in births alone: levers, costs, the start and paths have no part in any band."""
    told = request.read(whole, ["stay"], members=shares.FEWEST)
    ran = runs.run(whole, told, by_lever=False)
    found = attribution.run(whole, told, ran.areas)
    assert found.failed == 0
    part = found.shares("residents", "A", places.LIST)
    assert part is not None
    by_group = dict(zip(found.groups, part.total, strict=True))
    assert {group for group, share in by_group.items() if share > 1e-6} <= {unknowns.PEOPLE, unknowns.BEHAVIOUR}
    assert by_group[unknowns.PEOPLE] > 0
    # runs whose group is the same in all members are the runs of the members themselves
    same = found.mixed["residents"].sel(group=unknowns.COSTS, area=places.LIST).transpose("scenario", "member")
    np.testing.assert_allclose(same.values, found.plain["residents"].sel(area=places.LIST).values, rtol=1e-6)


def test_a_change_that_an_assumed_number_stands_behind_has_a_width(whole: Study, tmp_path: Path) -> None:
    """Births are assumed and drawn: no change of people has a band of no width. Held with all else, all have."""
    assert closed(whole) == []
    assert BIRTHS in {item.name for item in grounds.drawn(whole, (1, 2, 3), whole_members.WHOLE)}
    shutil.copytree(whole.root, tmp_path / "study")
    still = Study(tmp_path / "study")
    header = ",".join(unknowns.HEADER)
    (still.calibration / unknowns.FILE).write_text(f"{header}\n*,*,*,*,fixed,,,,,,,,By decision\n", encoding="utf-8")
    (still.calibration / members.FILE).unlink()
    whole_members.write(still, 3)
    assert grounds.drawn(still, (1, 2, 3), whole_members.WHOLE) == []
    assert "residents" in closed(still)


def closed(study: Study) -> list[str]:
    """Return the indicators in which the option changes something by as much in every member."""
    ran = runs.run(study, request.read(study, ["stay"], members=3), by_lever=False)
    lines = changes.lines(ran.areas, [str(name) for name in ran.areas.data_vars])
    return [line.indicator for line in lines if line.change.median != 0 and line.change.low == line.change.high]


@pytest.mark.parametrize(("members", "sentence"), [("people:5", "0 members"), (5, "5 members")])
def test_bands_of_people_or_of_few_members_are_not_attributed(whole: Study, members: str | int, sentence: str) -> None:
    told = request.read(whole, ["stay"], members=members)
    with pytest.raises(StudyError, match=f"{sentence} of the whole model are compared"):
        attribution.rows(told)


@pytest.mark.parametrize(("words", "name", "numbers"), [
    ("members = 3", whole_members.WHOLE, (1, 2, 3)), ('members = "people:2"', MEMBER, (1, 2)),
    ('members = "all"', whole_members.WHOLE, tuple(range(1, shares.FEWEST + 1))),
    ('members = "people"', MEMBER, tuple(range(1, 9))),
])
def test_a_sweep_takes_members_of_the_whole_model_unless_it_says_people(
    whole: Study, tmp_path: Path, words: str, name: str, numbers: tuple[int, ...]
) -> None:
    file = tmp_path / "try.toml"
    file.write_text(f'{WORDS}[sampling]\nsampler = "factorial"\n[runs]\n{words}\n', encoding="utf-8")
    (factor,) = design.read(whole, file).factors
    assert (factor.name, factor.choices) == (name, numbers)


@pytest.mark.parametrize("births", [None, 0.006])
def test_a_sweep_runs_members_as_a_comparison_does_and_what_it_draws_itself_holds(
    whole: Study, tmp_path: Path, births: float | None
) -> None:
    file = tmp_path / "try.toml"
    own = "" if births is None else f"[constants.birth_rate_per_child]\nlow = {births}\nhigh = {births + 1e-12}\n"
    file.write_text(f'{WORDS}[sampling]\nsampler = "factorial"\nlevels = 2\n[runs]\nmembers = 1\n'
                    f'[output]\nindicators = ["residents"]\nyears = [2035]\nplaces = ["province"]\n{own}',
                    encoding="utf-8")
    there = journeys.done(whole, design.read(whole, file), tmp_path / "store")
    swept = reading.dataset(there.folder)["residents"].sel(area=places.PROVINCE, year=2035).values
    settings = [] if births is None else [f"birth_rate_per_child={births}"]
    told = request.read(whole, ["stay"], members=1, settings=settings)
    ran = runs.run(whole, told, by_lever=False).areas["residents"].sel(
        scenario=BASELINE, stress=REFERENCE, area=places.PROVINCE, year=2035)
    np.testing.assert_allclose(swept, ran.item(), rtol=1e-6)


def test_the_page_runs_a_member_with_its_paths(whole: Study) -> None:
    built = journey.prepare(whole)
    simulator = CompiledSimulator(built, ("residents",))
    told = scenario.from_settings(whole, ["outside_attractiveness=0.3@2030"])
    path = inputs(whole, told, built.places)["outside attractiveness"]
    assert isinstance(path, TimePath)
    same = simulator.run(built.scenario, {"outside attractiveness": path})
    np.testing.assert_allclose(same.arrays["residents"][0], simulator.run(told, {}).arrays["residents"][0], rtol=1e-12)


def test_with_every_other_range_set_to_nothing_bands_are_those_of_people_alone(whole: Study, tmp_path: Path) -> None:
    shutil.copytree(whole.root, tmp_path / "study")
    still = Study(tmp_path / "study")
    header = ",".join(unknowns.HEADER)
    (still.calibration / unknowns.FILE).write_text(f"{header}\n*,*,*,*,fixed,,,,,,,,By decision\n", encoding="utf-8")
    count = len(members.read(still))
    whole_members.write(still, count)
    built = journey.prepare(still)
    together, people = (bands.run(built, f"{kind}:{count}") for kind in whole_members.KINDS)
    assert float(people["residents"].sel(year=people["year"][-1]).diff("quantile").max()) > 0
    for name in people.data_vars:
        np.testing.assert_allclose(together[name].values, people[name].values, rtol=1e-9, err_msg=str(name))
