"""All that folders of levers are woven into, as text; written by `tables build`, compared by `check`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from xiancheng import cells, whole_files
from xiancheng.errors import Problem, StudyError
from xiancheng.model import lever_constants, tables
from xiancheng.model.reading import Findings
from xiancheng.outputs import indicators, units
from xiancheng.scenarios import levers
from xiancheng.study import EQUATIONS, Study
from xiancheng.texts import did_you_mean, phrase, phrase_list
from xiancheng.weaving import equations, folders, rows
from xiancheng.weaving.folders import Folder

LEVERS = lever_constants.LEVERS.as_posix()
INDICATORS, FORMULAS = rows.INDICATORS, rows.FORMULAS
_UNITS = ",".join(units.COLUMNS) + "\n"
_MOST = 12
"""Names that a message lists; more are a matter of the nearest ones."""


def texts(study: Study) -> dict[str, str]:
    """Return every file that levers are woven into as it must be, by its path below the study.

    A study without folders has none: its tables are its own.

    Raises:
        StudyError: all that the folders still owe and all that is wrong in them.
    """
    levers_of = folders.read(study)
    if not levers_of:
        return {}
    _refuse_rows_without_folder(study, levers_of)
    before = _before(study, (EQUATIONS, INDICATORS, FORMULAS))
    words = cells.text(study.root / units.FILE, units.FILE) if (study.root / units.FILE).is_file() else _UNITS
    woven = {
        units.FILE: rows.units_table(words, levers_of),
        LEVERS: rows.levers_table(levers_of),
        INDICATORS: rows.indicators_table(before[INDICATORS], levers_of),
        FORMULAS: rows.formulas_table(before[FORMULAS], before[INDICATORS], levers_of),
        EQUATIONS: equations.woven(before[EQUATIONS], levers_of),
    }
    filled = [part.name for part in equations.parts(before[EQUATIONS]) if part.woven]
    problems = [problem for folder in levers_of for problem in _problems(filled, folder, woven)]
    if problems:
        raise StudyError(problems)
    return woven


def _before(study: Study, names: Sequence[str]) -> dict[str, str]:
    """Return files as they stand, by name.

    Raises:
        StudyError: those that are not there.
    """
    files = {name: study.root / name for name in names}
    if absent := [Problem(str(file), phrase("file.none")) for file in files.values() if not file.is_file()]:
        raise StudyError(absent)
    return {name: cells.text(file, name) for name, file in files.items()}


def _refuse_rows_without_folder(study: Study, levers_of: Collection[Folder]) -> None:
    """Refuse to weave over a table of levers that was never woven and holds levers that have no folder.

    Raises:
        StudyError: the levers that would be lost.
    """
    text = _before(study, (LEVERS,))[LEVERS]
    lost = sorted(set(rows.ids(text, LEVERS)) - {folder.id for folder in levers_of})
    if lost and not set(levers.OPTIONAL) & set(text.partition("\n")[0].split(",")):
        raise StudyError(Problem(LEVERS, phrase("weave.no_folder", names=phrase_list(lost)), "",
                                 phrase("weave.folder_each")))


def build(study: Study) -> tuple[str, ...]:
    """Weave the folders of a study into its equations and tables, then make its blocks.

    Returns:
        The files that changed, by their path below the study.

    Raises:
        StudyError: a folder or a table is not as it must be; nothing is woven from a folder that owes something.
    """
    changed = _differing(study, texts(study))
    for name, text in changed.items():
        whole_files.write(study.root / name, text)
    return tuple(dict.fromkeys((*changed, *tables.build(study.root))))


def check(study: Study) -> None:
    """Hold the equations and tables of a study against its folders of levers.

    Raises:
        StudyError: all that the folders owe, or a woven file that is older than they are.
    """
    older = _differing(study, texts(study))
    if older:
        raise StudyError(Problem(name, phrase("weave.older", folder=lever_constants.FOLDERS.as_posix()), "",
                                 phrase("weave.build")) for name in older)


def _differing(study: Study, woven: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in woven.items()
            if not (study.root / name).is_file() or (study.root / name).read_bytes() != text.encode()}


def _problems(study_parts: Collection[str], folder: Folder, woven: Mapping[str, str]) -> list[Problem]:
    """Return what is wrong with the words of a folder: those that a table allows, names of indicators and parts."""
    place = f"{lever_constants.FOLDERS.as_posix()}/{folder.id}"
    lever, shown = Findings(f"{place}/{folders.LEVER}"), Findings(f"{place}/{folders.INDICATORS}")
    cases = Findings(f"{place}/{folders.CASES}")
    levers.lever_of(rows.row(woven[LEVERS], LEVERS, folder.id), lever)
    for name in folder.indicators:
        indicators.indicator_of(rows.row(woven[INDICATORS], INDICATORS, name), shown)
    ids = rows.ids(woven[INDICATORS], INDICATORS)
    _one_of(folder.lever.part, "part", study_parts, lever)
    _one_of(folder.lever.own_indicator, "own_indicator", ids, lever)
    for case in folder.cases:
        _one_of(case.indicator, "indicator", ids, cases)
    return [*lever.problems, *shown.problems, *cases.problems]


def _one_of(name: str, field: str, names: Collection[str], findings: Findings) -> None:
    if name not in names:
        allowed = phrase_list(names) if len(names) < _MOST else phrase("lever.own_indicator_allowed")
        findings.add(phrase("table.is", column=field, value=repr(name)), allowed, did_you_mean(name, names))
