"""What goes wrong: the runs of a sweep in which an indicator is beyond a limit, with the factors they ran under."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.engine.source import key
from xiancheng.errors import Problem, StudyError
from xiancheng.scenarios.scenario import PLUS
from xiancheng.sweeps import drawn, reading, sensitivity
from xiancheng.sweeps.boxes import Sample
from xiancheng.sweeps.design import from_plain
from xiancheng.sweeps.factors import MEMBER, Factor
from xiancheng.sweeps.kernel import OK
from xiancheng.sweeps.store import STATUS, Store
from xiancheng.texts import LANGUAGES, did_you_mean, phrase, phrase_list, text

_FORM = re.compile(
    r"\s*(?P<name>[^<>=@:]+?)\s*(@\s*(?P<year>\d{1,4})\s*)?(:\s*(?P<area>[^<>=]+?)\s*)?"
    r"(?P<sign>>=|<=|≥|≤|>|<)\s*(?P<quantile>[qQ])?(?P<value>[^<>=]+?)\s*"
)
_ABOVE = (">", ">=", "≥")
SCENARIO, STRESS = "scenario", "stress"
LEAST = 10
"""Cases, and other runs, that a box needs."""


@dataclass(frozen=True)
class Case:
    """What goes wrong, as somebody wrote it.

    Attributes:
        indicator: id.
        year: calendar year, None for the last one kept.
        area: id, "" for the first one kept.
        above: whether it goes wrong above the limit, else below.
        limit: [unit of the indicator], or a share of the runs.
        quantile: whether the limit is a share of the runs.
    """

    indicator: str
    year: int | None
    area: str
    above: bool
    limit: float
    quantile: bool = False

    def of(self, values: Floats) -> NDArray[np.bool_]:
        """Return which values [unit of the indicator] are cases; the limit itself is one."""
        return values >= self.limit if self.above else values <= self.limit


@dataclass(frozen=True, eq=False)
class Futures:
    """Runs of a sweep: which of them go wrong, and under what.

    Attributes:
        store: the sweep.
        case: what goes wrong, with its year, area and limit [unit of the indicator].
        factors: what differs between the runs.
        sample: their values and the cases, run by run.
        values: of the indicator (run) [its unit].
        scenario: of each run; future: the number of the point and the stress it ran under, the same for all options.
        left_out: runs without a value.
        members: how many members of the posterior the runs have; they are no factor, because a number says nothing.
    """

    store: Store
    case: Case
    factors: tuple[Factor, ...]
    sample: Sample
    values: Floats
    scenario: NDArray[np.str_]
    future: NDArray[np.int64]
    left_out: int
    members: int


def parse(words: str) -> Case:
    """Take a case such as "debt@2035:68>=0.6" or "residents<=q0.1" apart.

    Raises:
        StudyError: it has another form, or a share that is none.
    """
    match = _FORM.fullmatch(words)
    try:
        if match is not None:
            limit, quantile = float(match["value"]), match["quantile"] is not None
            if np.isfinite(limit) and (not quantile or 0 < limit < 1):
                year = None if match["year"] is None else int(match["year"])
                return Case(key(match["name"]), year, match["area"] or "", match["sign"] in _ABOVE, limit, quantile)
    except ValueError:
        pass
    raise StudyError(Problem.of("", "discover.form", words=words))


def futures(store: Store, case: Case, scenarios: Sequence[str] = (), missing: str = sensitivity.STRICT) -> Futures:
    """Read the runs of a sweep, the factors they ran under and which of them are cases.

    Args:
        store: the sweep.
        case: what goes wrong.
        scenarios: ids of those to look at; all when empty.
        missing: sensitivity.STRICT refuses runs without a value, DROP leaves them out.

    Raises:
        StudyError: anything that this sweep does not hold, runs without a value, too few cases or other runs.
    """
    picked = sensitivity.select(store, [case.indicator], case.year, [case.area] if case.area else (), missing)
    case = replace(case, year=picked.year, area=picked.areas[0])
    design = from_plain(store.manifest["design"])
    names = np.array(drawn.column(store.folder / drawn.FILE, SCENARIO))
    values = _values(store, case)
    chosen = np.isin(names, _options(design.scenarios, scenarios, str(store.folder)))
    usable = chosen & np.isfinite(values)
    _refuse_gaps(store, picked, int(chosen.sum()), int(usable.sum()))
    if case.quantile:
        case = replace(case, limit=float(np.quantile(values[usable], case.limit)), quantile=False)
    factors, columns = _columns(store, design.factors, names, usable)
    cases = case.of(values[usable])
    _refuse_few(store, case, cases, values[usable])
    sample = Sample(columns, tuple(factor.discrete for factor in factors), cases)
    members = next((len(factor.choices) for factor in design.factors if factor.kind == MEMBER), 0)
    option, stress = _parts(names)
    future = _future(store, design.factors, stress)
    return Futures(store, case, factors, sample, values[usable], option[usable], future[usable],
                   int(chosen.sum() - usable.sum()), members)


def _options(every: Sequence[str], scenarios: Sequence[str], folder: str) -> list[str]:
    """Return the ids in the drawn design of some scenarios, under whatever stress."""
    bases = list(dict.fromkeys(name.partition(PLUS)[0] for name in every))
    problems = [Problem(folder, phrase("sweep.drawn_scenario", name=name), phrase_list(bases),
                        did_you_mean(name, bases)) for name in scenarios if name not in bases]
    if problems:
        raise StudyError(problems)
    return [name for name in every if not scenarios or name.partition(PLUS)[0] in scenarios]


def _values(store: Store, case: Case) -> Floats:
    """Return the indicator of every run; what is not there is missing."""
    data = reading.dataset(store.folder)
    usable = np.flatnonzero(data[STATUS].values == OK)
    values = np.full(store.runs, np.nan)
    if len(usable):
        values[usable] = data[case.indicator].sel(year=case.year, area=case.area).isel(run=usable).values
    return values


def _refuse_gaps(store: Store, picked: sensitivity.Selection, runs: int, usable: int) -> None:
    if usable and (usable == runs or picked.missing == sensitivity.DROP):
        return
    sentence = phrase("sweep.missing_values", name=picked.indicators[0], year=picked.year, area=picked.areas[0],
                      count=runs - usable, runs=runs)
    raise StudyError(Problem(str(store.folder), sentence, phrase("sweep.missing_allowed"),
                             phrase("sweep.missing_hint")))


def _refuse_few(store: Store, case: Case, cases: NDArray[np.bool_], values: Floats) -> None:
    count = int(cases.sum())
    if min(count, len(cases) - count) < LEAST:
        low, middle, high = (float(value) for value in np.quantile(values, [0, 0.5, 1]))
        raise StudyError(Problem.of(str(store.folder), "discover.few", count=count, runs=len(cases), least=LEAST,
                                    name=case.indicator, low=low, middle=middle, high=high))


def _columns(
    store: Store, factors: Sequence[Factor], names: NDArray[np.str_], usable: NDArray[np.bool_]
) -> tuple[tuple[Factor, ...], Floats]:
    """Return what differs between runs, and its values (run, factor); scenario and stress are factors too."""
    file = store.folder / drawn.FILE
    columns = [_choices(name, words[usable]) for name, words in zip((SCENARIO, STRESS), _parts(names), strict=True)]
    columns += [(factor, drawn.values(file, factor)[usable]) for factor in factors if factor.kind != MEMBER]
    varying = [(factor, values) for factor, values in columns if len(np.unique(values)) > 1]
    if not varying:
        raise StudyError(Problem.of(str(store.folder), "discover.nothing_varies"))
    return tuple(factor for factor, _ in varying), np.stack([values for _, values in varying], axis=1)


def _parts(names: NDArray[np.str_]) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    """Return the scenario and the stress of each run, "" for none."""
    parts = [name.partition(PLUS) for name in names.tolist()]
    return np.array([part[0] for part in parts]), np.array([part[2] for part in parts])


def _choices(name: str, words: NDArray[np.str_]) -> tuple[Factor, Floats]:
    choices = tuple(dict.fromkeys(words.tolist()))
    title = {language: text(f"discover.{name}", language) for language in LANGUAGES}
    values = np.array([choices.index(word) for word in words.tolist()], dtype=float)
    return Factor(name, name, name, "", title, choices=choices), values


def _future(store: Store, factors: Sequence[Factor], stresses: NDArray[np.str_]) -> NDArray[np.int64]:
    """Return the number of the future of each run: runs that differ in their option alone share it."""
    file = store.folder / drawn.FILE
    words = zip(stresses.tolist(), *(drawn.column(file, factor.id) for factor in factors), strict=True)
    numbers: dict[tuple[str, ...], int] = {}
    return np.array([numbers.setdefault(word, len(numbers)) for word in words])
