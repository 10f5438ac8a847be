"""Members of the whole model: one file, the same on every machine, refused where it is older than what it came from."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

from xiancheng.calibration import joint_prior, series, unknowns, whole_checks, whole_fit, whole_members
from xiancheng.calibration.whole_members import PEOPLE, WHOLE
from xiancheng.errors import StudyError
from xiancheng.model import members
from xiancheng.study import Study

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def study() -> Study:
    return Study(ROOT)


@pytest.fixture
def copy(tmp_path: Path) -> Study:
    for name in ("model", "scenarios", "calibration", "outputs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return Study(tmp_path)


def test_the_file_was_drawn_from_the_tables_as_they_are(study: Study) -> None:
    drawn = whole_members.read(study)
    assert drawn.count == whole_members.COUNT
    assert sorted(drawn.people) == sorted(members.read(study))


def searched(study: Study) -> set[str]:
    """Names of what the conditioning searched, and of what moves with it."""
    rows = csv.DictReader((study.calibration / whole_fit.POSTERIOR).read_text(encoding="utf-8").splitlines())
    streams = {row["stream"].partition(" ")[2].partition("[")[0] for row in rows}
    return streams | {row.name for row in unknowns.read(study) if row.total or row.beside or row.together}


def test_the_first_members_are_the_first_draws_but_for_what_was_searched(study: Study) -> None:
    few, anew = whole_members.read(study, 4), joint_prior.draws(study, 4, whole_members.SEED)
    assert set(few.constants) == set(anew.constants)
    posterior, moved = members.read(study), searched(study)
    assert len(set(few.constants) - moved) > 200
    for name, values in few.constants.items():
        assert values.shape[0] == 4
        if name in posterior[1]:
            np.testing.assert_array_equal(values[0], posterior[few.people[0]][name])
        elif name not in moved:
            np.testing.assert_allclose(values, anew.constants[name], rtol=1e-6, atol=1e-12)
    for name, paths in few.paths.items():
        if name not in moved:
            np.testing.assert_allclose(paths[3].values, anew.paths[name][3].values, rtol=1e-4, atol=1e-9)


def test_what_the_data_tell_is_narrower_than_its_prior(study: Study) -> None:
    rows = csv.DictReader((study.calibration / whole_fit.POSTERIOR).read_text(encoding="utf-8").splitlines())
    told = [row["stream"] for row in rows if float(row["shrinkage"]) > whole_checks.TOLD]
    assert told
    drawn, prior = whole_members.read(study), joint_prior.draws(study, whole_members.COUNT, whole_members.SEED)
    for stream in told:
        name = stream.partition(" ")[2].partition("[")[0]
        assert np.log(drawn.constants[name]).std() < 0.8 * np.log(prior.constants[name]).std(), name


def test_members_that_are_older_than_the_ranges_are_refused_with_what_to_do(copy: Study) -> None:
    file = copy.calibration / unknowns.FILE
    file.write_text(file.read_text(encoding="utf-8") + "*,*,wage floor,*,fixed,,,,,,,,By decision\n", encoding="utf-8")
    with pytest.raises(StudyError, match="other ranges, groups or paths") as refusal:
        whole_members.read(copy)
    assert "calibrate --draw 200" in str(refusal.value)
    whole_members.write(copy, 3)
    drawn = whole_members.read(copy)
    assert drawn.count == 3
    assert "wage floor" not in drawn.constants
    before = whole_members.fingerprint_of(copy)
    whole_members.write(copy, 3)
    assert whole_members.fingerprint_of(copy) == before


def test_words_of_a_source_make_no_member_stale(copy: Study) -> None:
    file = copy.tables / "parameters.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("Guard of this project", "Guard"), encoding="utf-8")
    assert whole_members.read(copy, 1).count == 1


def test_what_a_lever_is_called_and_means_makes_no_member_stale(copy: Study) -> None:
    file = copy.root / "scenarios" / "levers.csv"
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        columns = ("title_en", "title_zh", "meaning", "meaning_zh", "source", "acts_on", "acts_on_zh", "side_effects",
                   "side_effects_zh", "note", "note_zh")
        words = {column: f"Another {column}" for column in columns}
        writer.writerows({**row, **words} for row in rows)
    assert whole_members.read(Study(copy.root), 1).count == 1


def test_a_file_that_is_none_is_refused(copy: Study) -> None:
    (copy.calibration / whole_members.FILE).write_bytes(b"nothing")
    with pytest.raises(StudyError, match="no file of members"):
        whole_members.read(copy)


@pytest.mark.parametrize(("word", "expected"), [
    (None, (WHOLE, None)), (20, (WHOLE, 20)), ("7", (WHOLE, 7)), ("people", (PEOPLE, None)), ("people:5", (PEOPLE, 5)),
    ("whole:5", (WHOLE, 5)), ("-1", (WHOLE, -1)),
])
def test_members_are_asked_for_by_number_or_kind(
    study: Study, word: str | int | None, expected: tuple[str, int | None]
) -> None:
    assert whole_members.kind_and_count(study, word) == expected


def test_a_word_that_is_no_kind_of_members_is_refused(study: Study) -> None:
    for word in ("some", "people:few", "2.5"):
        with pytest.raises(StudyError, match="members are asked for as"):
            whole_members.kind_and_count(study, word)


def test_without_a_file_bands_come_from_people(copy: Study) -> None:
    (copy.calibration / whole_members.FILE).unlink()
    assert whole_members.kind_and_count(copy, 20) == (PEOPLE, 20)


def test_what_a_scenario_sets_is_not_drawn(study: Study) -> None:
    drawn = whole_members.read(study, 2)
    rest = drawn.but(["cost_of_retrofit", "Wage Share"])
    assert set(drawn.constants) - set(rest.constants) == {"cost of retrofit"}
    assert set(drawn.paths) - set(rest.paths) == {"wage share"}


def test_conditioned_members_say_what_they_are_and_grow_old_with_the_series(copy: Study) -> None:
    labels = joint_prior.streams(copy)
    thetas = np.stack([joint_prior.normal(1, label, 3) for label in labels], axis=1)
    people = joint_prior.people_of(copy, 3, 1)
    whole_members.write(copy, 3)
    prior = whole_members.read(copy)
    assert whole_members.words(copy, "compare.bands.whole") == "compare.bands.whole"
    whole_members.write_conditioned(copy, labels, thetas, people)
    conditioned = whole_members.read(copy)
    assert whole_members.words(copy, "compare.bands.whole") == "compare.bands.whole.conditioned"
    for name, values in prior.constants.items():  # streams as the prior drew them are the draws of the prior
        np.testing.assert_array_equal(conditioned.constants[name], values)
    file = copy.calibration / series.FILE
    file.write_text(file.read_text(encoding="utf-8").replace(",0.15,0.08,", ",0.16,0.08,"), encoding="utf-8")
    with pytest.raises(StudyError, match="other ranges, groups or paths"):
        whole_members.read(copy)
