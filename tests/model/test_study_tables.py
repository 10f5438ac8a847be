"""What is wrong in any table of a study is refused with its file and its line: by kind, one change at a time."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from xiancheng.calibration import tables as calibration
from xiancheng.errors import StudyError
from xiancheng.model import constants, tables
from xiancheng.outputs import accepted, core_runs, indicators, journey, loops, units
from xiancheng.scenarios import levers, scenario
from xiancheng.study import Study
from xiancheng.sweeps import design
from xiancheng.sweeps import setting as sweeps
from xiancheng.texts import in_language
from xiancheng.web import bundles

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
TABLES = "model/tables/"
Change = Callable[[str], str]


@dataclass(frozen=True)
class Wrong:
    """A change of a table: the file, the change, who refuses it, the line of the refusal, words of what was found."""

    file: str
    change: Change
    check: Callable[[Study], object]
    row: int | None
    words: str


def cell(line: int, column: str, value: str) -> Change:
    """Return a change of one cell; the tables of the cases have no quotation mark before it."""

    def change(text: str) -> str:
        lines = text.split("\n")
        position = lines[0].split(",").index(column)
        cells = lines[line - 1].split(",")
        cells[position] = value
        return "\n".join([*lines[: line - 1], ",".join(cells), *lines[line:]])

    return change


def on_line(line: int, change: Change) -> Change:
    def changed(text: str) -> str:
        lines = text.split("\n")
        return "\n".join([*lines[: line - 1], change(lines[line - 1]), *lines[line:]])

    return changed


def twice(line: int) -> Change:
    return on_line(line, lambda written: f"{written}\n{written}")


def dropped(line: int) -> Change:
    return lambda text: "\n".join([*text.split("\n")[: line - 1], *text.split("\n")[line:]])


def replaced(old: str, new: str) -> Change:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


def header_exchanged(first: int, second: int) -> Change:
    def change(line: str) -> str:
        names = line.split(",")
        names[first], names[second] = names[second], names[first]
        return ",".join(names)

    return on_line(1, change)


def of_tables(study: Study) -> None:
    tables.check(study.root)


def of_bundles(study: Study) -> None:
    bundles.read(study, levers.read(study))


def of_designs(study: Study) -> None:
    for file in design.files(study).values():
        design.read(study, file)


def of_baseline(study: Study) -> None:
    scenario.other_ids(study)


WRONG: dict[str, Wrong] = {
    "a figure of the census is text": Wrong(
        f"{TABLES}census_units.csv", cell(2, "value", "many"), of_tables, 2, "'many'"),
    "a column of the census is missing": Wrong(
        f"{TABLES}census_units.csv", on_line(1, lambda line: line.replace("value", "figure")), of_tables, 1, "value"),
    "tabs for commas": Wrong(
        f"{TABLES}census_units.csv", lambda text: text.replace(",", "\t"), of_tables, 1, "column missing"),
    "a row of the register is dropped": Wrong(
        f"{TABLES}prefecture_register.csv", dropped(2), of_tables, None, "no row for"),
    "the register of no prefecture": Wrong(
        f"{TABLES}prefecture_register.csv", cell(2, "place", "foo"), of_tables, None, "no row for"),
    "a unit of the register is ten thousand times smaller": Wrong(
        f"{TABLES}prefecture_register.csv", replaced('"10,000 persons"', "persons"), of_tables, None, "townspeople"),
    "a death rate of two a year": Wrong(
        f"{TABLES}china_vital_rates.csv", cell(2, "value", "2"), of_tables, 2, "value is 2"),
    "a death rate in another unit": Wrong(
        f"{TABLES}china_vital_rates.csv", cell(2, "unit", "per 1000"), of_tables, 2, "'per 1000'"),
    "a unit of a path": Wrong(f"{TABLES}paths.csv", cell(2, "unit", "foo"), constants.check, 2, "'foo'"),
    "a mark of a path": Wrong(f"{TABLES}paths.csv", cell(2, "evidence", "foo"), of_tables, 2, "'foo'"),
    "a path of no variable": Wrong(f"{TABLES}paths.csv", cell(2, "variable", "foo"), constants.check, 2, "'foo'"),
    "a unit of an element": Wrong(
        f"{TABLES}parameters_by_element.csv", cell(2, "unit", "foo"), constants.check, 2, "'foo'"),
    "a range of an element upside down": Wrong(
        f"{TABLES}parameters_by_element.csv", replaced(",literature,0,0.6,", ",literature,1e9,0.6,"),
        of_tables, 2, "low 1e9"),
    "a unit of a constant": Wrong(f"{TABLES}parameters.csv", cell(2, "unit", "foo"), constants.check, 2, "'foo'"),
    "a mark of a constant": Wrong(f"{TABLES}parameters.csv", cell(2, "evidence", "foo"), of_tables, 2, "'foo'"),
    "a constant without a source": Wrong(
        f"{TABLES}parameters.csv", lambda text: text.replace(
            text.split("\n")[1].split('"')[1], "").replace('""', "", 1), of_tables, 2, "source is empty"),
    "a bound of a constant is text": Wrong(
        f"{TABLES}parameters.csv", cell(2, "low", "little"), of_tables, 2, "'little'"),
    "a range of a constant upside down": Wrong(
        f"{TABLES}parameters.csv", cell(2, "low", "2"), of_tables, 2, "low 2"),
    "one bound without the other": Wrong(f"{TABLES}parameters.csv", cell(2, "low", ""), of_tables, 2, "high is"),
    "a constant outside its own range": Wrong(
        f"{TABLES}parameters.csv", cell(2, "value", "0.99"), of_tables, 2, "value 0.99"),
    "a constant twice": Wrong(f"{TABLES}parameters.csv", twice(2), of_tables, 3, "row 2"),
    "a constant that the equations have not": Wrong(
        f"{TABLES}parameters.csv", cell(2, "name", "mortality factor of nobody"), constants.check, 2, "of nobody"),
    "a number with a comma for a point": Wrong(
        f"{TABLES}parameters.csv", cell(2, "value", "0,885"), of_tables, 2, "10 fields"),
    "a number with an underscore": Wrong(
        f"{TABLES}parameters.csv", cell(2, "value", "0.8_8"), of_tables, 2, "'0.8_8'"),
    "a block below nothing": Wrong(
        f"{TABLES}blocks/fertility_schedule.csv", lambda text: text.replace(",0.", ",-0."), of_tables, 2, "older"),
    "a value of a block": Wrong(
        f"{TABLES}blocks/by_sector.csv", on_line(2, lambda line: line.split(",", 1)[0] + ",-1"), of_tables, 2, "older"),
    "two rows of a block exchanged": Wrong(
        f"{TABLES}blocks/fertility_path.csv", lambda text: "\n".join(
            [*text.split("\n")[:1], *text.split("\n")[2:3], *text.split("\n")[1:2], *text.split("\n")[3:]]),
        of_tables, 2, "older"),
    "longitude and latitude exchanged": Wrong(
        f"{TABLES}places.csv", header_exchanged(9, 10), of_tables, 1, "order"),
    "a point of another place": Wrong(f"{TABLES}places.csv", cell(2, "lon", "36.2"), of_tables, 2, "'36.2'"),
    "an area below nothing": Wrong(f"{TABLES}places.csv", cell(2, "area_km2", "-1"), of_tables, 2, "'-1'"),
    "a kind that no place has": Wrong(f"{TABLES}places.csv", cell(2, "kind", "foo"), of_tables, 2, "'foo'"),
    "a listed place that is not listed": Wrong(f"{TABLES}places.csv", cell(2, "in_68", "0"), of_tables, 2, "'0'"),
    "a core city in a county": Wrong(f"{TABLES}places.csv", cell(2, "core", "1"), of_tables, 2, "'1'"),
    "the name of another place": Wrong(f"{TABLES}places.csv", cell(2, "name_zh", "莘县"), of_tables, 2, "莘县"),
    "a yearly figure is text": Wrong(
        f"{TABLES}province_yearly.csv", cell(2, "value", "many"), of_tables, 2, "'many'"),
    "a yearly figure in another unit": Wrong(
        f"{TABLES}province_yearly.csv", cell(3, "unit", "foo"), of_tables, 3, "'foo'"),
    "a year in words": Wrong(f"{TABLES}province_yearly.csv", cell(2, "year", "last"), of_tables, 2, "'last'"),
    "a year in other digits": Wrong(
        f"{TABLES}province_yearly.csv", cell(2, "year", "２０１１"), of_tables, 2, "２０１１"),
    "an assumption of no variable": Wrong(
        "scenarios/assumptions.csv", cell(2, "variable", "foo"), scenario.check_variables, 2, "'foo'"),
    "a unit of an indicator": Wrong(
        "outputs/indicators.csv", replaced(",persons,neither,", ",foo,neither,"), units.check, 2, "foo"),
    "a target of five hundred for a share": Wrong(
        "outputs/indicators.csv", replaced(",share,higher,0.75,", ",share,higher,500,"), indicators.read, 0, "500"),
    "empty draws": Wrong("calibration/members.csv", lambda text: "", calibration.check, None, "empty"),
    "text among the draws": Wrong("calibration/members.csv", cell(3, "migration rate", "much"), calibration.check, 3,
                                  "'much'"),
    "a draw that is no number": Wrong("calibration/members.csv", cell(3, "migration rate", "nan"), calibration.check, 3,
                                      "nan"),
    "a draw without end": Wrong(
        "calibration/members.csv", cell(3, "migration rate", "inf"), calibration.check, 3, "inf"),
    "a draw that cannot be": Wrong("calibration/members.csv", cell(3, "migration rate", "-1"), calibration.check, 3,
                                   "migration rate = -1"),
    "a draw twice": Wrong("calibration/members.csv", twice(3), calibration.check, 4, "row 3"),
    "names of two columns of draws exchanged": Wrong(
        "calibration/members.csv", header_exchanged(1, 2), calibration.check, 1, "mortality factor male"),
    "a prior without end": Wrong("calibration/priors.csv", cell(2, "mean", "inf"), calibration.check, 2, "inf"),
    "a column of priors is missing": Wrong(
        "calibration/priors.csv", on_line(1, lambda line: line.replace("mark", "")), calibration.check, 1, "mark"),
    "a prior of nothing": Wrong("calibration/priors.csv", cell(2, "parameter", "foo"), calibration.check, 2, "foo"),
    "a target that is text": Wrong("calibration/targets.csv", cell(2, "value", "many"), calibration.check, 2, "'many'"),
    "a target of no place": Wrong("calibration/targets.csv", cell(2, "place", "foo"), calibration.check, 2, "'foo'"),
    "a spread that is no number": Wrong(
        "calibration/folds_spread.csv", cell(2, "sd", "nan"), calibration.check, 2, "nan"),
    "a profile without end": Wrong("calibration/profiles.csv", cell(2, "value", "inf"), calibration.check, 2, "inf"),
    "a set of no variable": Wrong(
        "calibration/sets.csv", cell(2, "variable", "foo"),
        lambda study: calibration.check_sets(study, study.calibration / core_runs.FILE, "unit"), 2, "'foo'"),
    "a published figure that nobody has": Wrong(
        "calibration/held_out.csv", cell(2, "quantity", "foo"), core_runs.check, 2, "foo"),
    "a loop without a switch": Wrong(
        "outputs/loops.csv", cell(2, "switch", "loop R9 on"), loops.check, 2, "loop R9 on"),
    "a mark of a loop": Wrong("outputs/loops.csv", cell(2, "evidence", "foo"), loops.check, 2, "'foo'"),
    "an accepted figure of nothing": Wrong(
        "outputs/baseline/from_2020.csv", cell(2, "indicator", "foo"), accepted.check, 2, "foo"),
    "an accepted figure in another unit": Wrong(
        "outputs/baseline/from_2020.csv", cell(2, "unit", "foo"), accepted.check, 2, "'foo'"),
    "an accepted figure of a year beyond": Wrong(
        "outputs/baseline/from_2020.csv", cell(2, "year", "2999"), accepted.check, 2, "2999"),
    "an accepted figure twice": Wrong("outputs/baseline/from_2020.csv", twice(2), accepted.check, 3, "row 2"),
    "a bundle of no group": Wrong("scenarios/page/bundles.csv", cell(2, "group", "foo"), of_bundles, 2, "'foo'"),
    "a design that is no TOML": Wrong(
        "scenarios/designs/what_matters.toml", lambda text: "x = [", of_designs, 1, "TOML"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Study:
    root = tmp_path_factory.mktemp("study")
    for room in ("model", "scenarios", "outputs", "calibration"):
        shutil.copytree(ROOT / room, root / room)
    return Study(root)


@pytest.fixture
def study(copy: Study, request: pytest.FixtureRequest) -> Iterator[Study]:
    yield copy
    file = WRONG[request.node.callspec.params["name"]].file
    shutil.copyfile(ROOT / file, copy.root / file)


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_in_a_table_is_refused_with_its_line(name: str, study: Study) -> None:
    wrong = WRONG[name]
    file = study.root / wrong.file
    before = file.read_text(encoding="utf-8")
    changed = wrong.change(before)
    assert changed != before
    file.write_text(changed, encoding="utf-8", newline="")
    with pytest.raises(StudyError) as error:
        wrong.check(study)
    named = [problem for problem in error.value.problems if problem.file.endswith(file.name)]
    assert named, str(error.value)
    assert any((wrong.row == 0 or problem.row == wrong.row) and wrong.words in problem.found + problem.allowed
               for problem in named), str(error.value)
    assert all(in_language(problem.found, "zh") != problem.found for problem in named)


@pytest.mark.parametrize("spoil", ["utf-16", "gbk", "lone carriage returns", "byte order mark", "blank first line"])
@pytest.mark.parametrize(
    ("file", "check"),
    [(f"{TABLES}places.csv", of_tables), (f"{TABLES}parameters.csv", of_tables),
     ("scenarios/assumptions.csv", scenario.check_variables), ("scenarios/levers.csv", levers.read),
     ("outputs/indicators.csv", indicators.read), ("outputs/loops.csv", loops.check),
     ("outputs/baseline/from_2020.csv", accepted.check), ("scenarios/page/bundles.csv", of_bundles),
     ("calibration/members.csv", calibration.check), ("calibration/priors.csv", calibration.check),
     ("calibration/targets.csv", calibration.check), ("calibration/recovery.csv", calibration.check)],
    ids=lambda value: Path(value).name if isinstance(value, str) else "")
def test_bytes_and_line_ends_are_told_in_every_room(
    file: str, check: Callable[[Study], object], spoil: str, copy: Study
) -> None:
    target = copy.root / file
    text = target.read_text(encoding="utf-8")
    spoiled = {
        "utf-16": text.encode("utf-16"),
        "gbk": (text + "莘县").encode("gbk", errors="ignore"),
        "lone carriage returns": text.replace("\n", "\r").encode(),
        "byte order mark": text.encode("utf-8-sig"),
        "blank first line": f"\n{text}".encode(),
    }
    target.write_bytes(spoiled[spoil])
    try:
        with pytest.raises(StudyError) as error:
            check(copy)
    finally:
        shutil.copyfile(ROOT / file, target)
    assert any(target.name in problem.file and problem.row for problem in error.value.problems)


def test_the_study_as_it_stands_is_right(copy: Study) -> None:
    for check in {wrong.check for wrong in WRONG.values()}:
        check(copy)


@pytest.mark.parametrize(
    "door",
    [lambda study: journey.prepare(study), lambda study: sweeps.built_of(study, design.read(study, "what_matters"))],
    ids=["run", "sweep"])
def test_no_run_reads_blocks_that_are_older_than_the_tables(copy: Study, door: Callable[[Study], object]) -> None:
    """An edited table whose blocks were not built again is refused before anything runs."""
    file = copy.root / TABLES / "parameters.csv"
    file.write_text(cell(2, "value", "0.9")(file.read_text(encoding="utf-8")), encoding="utf-8", newline="")
    try:
        with pytest.raises(StudyError, match="older than the tables"):
            door(copy)
    finally:
        shutil.copyfile(ROOT / TABLES / "parameters.csv", file)
