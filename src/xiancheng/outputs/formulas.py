"""How each indicator comes from the variables of the equations: one row each in formulas.csv."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from xiancheng.engine.source import key
from xiancheng.errors import Problem, StudyError
from xiancheng.model import catalogue
from xiancheng.model.places import PLACE_HEADER
from xiancheng.model.reading import Findings, Row, no_duplicates, number, one_of, read_rows
from xiancheng.outputs import indicators
from xiancheng.outputs.aggregations import PARTS, with_parts
from xiancheng.outputs.expression import BadExpression, Expression, parse
from xiancheng.outputs.indicators import COUNT_SHARE, MEAN, P90_P10, QUOTIENT, RATIO, SPREAD, THEIL, Indicator
from xiancheng.outputs.moments import KINDS, SPANS
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase

FILE = "formulas.csv"
COLUMNS = ("id", "numerator", "reading", "of", "over", "weight", "scale", "only", "holds")
_NEEDS = {
    RATIO: ("over",), QUOTIENT: ("of", "over"), MEAN: ("weight",), THEIL: ("of", "weight"), P90_P10: ("of",),
    COUNT_SHARE: ("holds",),
}
_WITHOUT_NUMERATOR = (QUOTIENT, THEIL, P90_P10)
_MAY = {RATIO: ("of",), COUNT_SHARE: ("over", "of")}
_HOLDS = re.compile(r"(?P<relation><=|>=|<|>)\s*(?P<value>-?\d+(\.\d+)?)")
_ONLY = re.compile(r"\s*(?P<column>\w+)\s*(?P<relation>!?=)\s*(?P<value>\w+)\s*")


@dataclass(frozen=True)
class Formula:
    """An indicator as a numerator, and what it is divided or weighed by.

    Attributes:
        id: of the indicator.
        numerator: what is read off the run; None where the indicator compares others (Theil, P90/P10, quotient).
        reading: how each variable is read by calendar year, of moments.KINDS.
        of: id of the indicator that is the numerator, or whose places are compared; "" for none.
        over: id of the indicator it is divided by, "" for none; where that is not above 0, the ratio is missing.
        weight: id of the indicator that places count by, "" for none.
        scale: factor that gives the unit of the indicator.
        only: conditions on the table of places; elsewhere the indicator is missing.
        written: the numerator as the table writes it.
        holds: (relation, value): the indicator is 1 where its number is so, else 0; None for the number itself.
        row: its line in the table.
    """

    id: str
    numerator: Expression | None
    reading: str
    of: str
    over: str
    weight: str
    scale: float
    only: tuple[tuple[str, str, str], ...]
    holds: tuple[str, float] | None
    row: int
    written: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """The other indicators that it needs beside it."""
        return tuple(part for part in (self.of, self.over, self.weight) if part)


def read(study: Study) -> dict[str, Formula]:
    """Read outputs/formulas.csv.

    Returns:
        The formulas by id, in the order of the file.

    Raises:
        StudyError: every problem: a formula that cannot be read, that names a variable the equations have not or an
            indicator without a row, or that does not fit the aggregation of its indicator.
    """
    shown = indicators.read(study)
    findings = Findings(str(study.outputs / FILE))
    rows = read_rows(study.outputs / FILE, COLUMNS, findings)
    no_duplicates(rows, ["id"], findings)
    defined = {key(name) for name in catalogue.names(study)}
    formulas = {row["id"]: _formula(row, findings) for row in rows}
    for row in rows:
        _check_names(row, formulas, defined, findings)
        if row["id"] in shown:
            _check_kind(row, shown[row["id"]].aggregation, findings)
            _check_equity(row, shown, findings)
        else:
            sentence, hint = phrase("formula.no_indicator", id=row["id"]), did_you_mean(row["id"], shown)
            findings.add(sentence, phrase("lever.own_indicator_allowed"), hint, row.number)
    for name in shown:
        if name not in formulas:
            findings.add(phrase("formula.none", id=name), phrase("formula.none_allowed"))
    try:
        ordered(formulas)
    except CycleError as circle:
        findings.add(phrase("formula.circle", ids=" → ".join(circle.args[1])), phrase("formula.circle_allowed"))
    findings.stop()
    return formulas


def _formula(row: Row, findings: Findings) -> Formula:
    numerator = None
    try:
        numerator = parse(row["numerator"]) if row["numerator"] else None
    except BadExpression as error:
        findings.add(error.problem, phrase("formula.form"), phrase("formula.hint"), row.number)
    if row["numerator"]:
        one_of(row, "reading", KINDS, findings)
    if numerator and not numerator.is_sum and row["reading"] in SPANS:
        findings.add(phrase("formula.flow", id=row["id"]), phrase("formula.flow_allowed"), "", row.number)
    holds = _HOLDS.fullmatch(row["holds"])
    if row["holds"] and not holds:
        findings.add(phrase("table.is", column="holds", value=repr(row["holds"])), "< -0.01, >= 2.5", "", row.number)
    return Formula(
        id=row["id"],
        numerator=numerator,
        reading=row["reading"],
        of=row["of"],
        over=row["over"],
        weight=row["weight"],
        scale=number(row, "scale", findings) if row["scale"] else 1.0,
        only=_conditions(row, findings),
        holds=(holds["relation"], float(holds["value"])) if holds else None,
        row=row.number,
        written=row["numerator"],
    )


def _conditions(row: Row, findings: Findings) -> tuple[tuple[str, str, str], ...]:
    conditions = []
    for written in row["only"].split(";") if row["only"] else []:
        match = _ONLY.fullmatch(written)
        if match is None or match["column"] not in PLACE_HEADER:
            sentence = phrase("table.is", column="only", value=repr(row["only"]))
            findings.add(sentence, "kind != pole; core = 1", phrase("formula.only_hint"), row.number)
        else:
            conditions.append((match["column"], match["relation"], match["value"]))
    return tuple(conditions)


def _check_names(row: Row, formulas: Mapping[str, Formula], defined: set[str], findings: Findings) -> None:
    for part in PARTS:
        if row[part] and row[part] not in formulas:
            sentence = phrase("formula.part_unknown", column=part, id=row[part])
            findings.add(sentence, phrase("formula.part_allowed"), did_you_mean(row[part], formulas), row.number)
    numerator = formulas[row["id"]].numerator
    for name in numerator.variables if numerator else ():
        if name not in defined:
            sentence = phrase("formula.variable_unknown", id=row["id"], variable=name.replace("_", " "))
            findings.add(sentence, phrase("lever.variable_allowed"), did_you_mean(name, defined), row.number)


def _check_kind(row: Row, aggregation: str, findings: Findings) -> None:
    """Note columns that the aggregation of the indicator asks for, or has no use for."""
    needs = _NEEDS.get(aggregation, ())
    free = (*needs, *_MAY.get(aggregation, ()))
    compares = aggregation in _WITHOUT_NUMERATOR
    wrong = [column for column in needs if not row[column]]
    wrong += [column for column in ("of", "over", "weight", "holds") if row[column] and column not in free]
    wrong += ["numerator"] if bool(row["numerator"]) == compares else []
    if wrong:
        sentence = phrase("formula.kind", id=row["id"], aggregation=aggregation, columns=", ".join(wrong))
        findings.add(sentence, phrase("formula.kind_allowed"), "", row.number)


def _check_equity(row: Row, shown: Mapping[str, Indicator], findings: Findings) -> None:
    """Note an index of inequality of what is a figure of the province spread evenly: its counties are alike by rule."""
    measured = shown.get(row["of"])
    if measured and measured.resolution == SPREAD and shown[row["id"]].aggregation in (THEIL, P90_P10):
        sentence = phrase("formula.spread_evenly", id=row["id"], of=row["of"])
        findings.add(sentence, phrase("formula.spread_allowed"), "", row.number)


def check(study: Study) -> None:
    """Hold every formula against the subscripts of the equations, which have to be read in full for it.

    Raises:
        StudyError: a variable without a value by place, or without the element that a formula names.
    """
    formulas = read(study)
    variables = {variable.id: variable for variable in catalogue.read(study)}
    elements = catalogue.elements(study)
    problems = []
    for formula in formulas.values():
        for term in formula.numerator.terms if formula.numerator else ():
            dims = {dim for factor in term.factors for dim in variables[factor.variable].dims}
            if "place" not in dims:
                problems.append(_problem(study, formula, phrase("formula.no_place", variable=term.factors[0].variable)))
            for factor in term.factors:
                names = {key(name) for dim in variables[factor.variable].dims for name in elements.get(key(dim), ())}
                for name in dict.fromkeys(name for pair in factor.elements for name in pair if name not in names):
                    sentence = phrase("formula.no_element", variable=factor.variable, element=name)
                    problems.append(_problem(study, formula, sentence))
    if problems:
        raise StudyError(problems)


def _problem(study: Study, formula: Formula, sentence: str) -> Problem:
    return Problem(str(study.outputs / FILE), sentence, phrase("formula.form"), "", formula.row)


def needed(table: Mapping[str, Formula], names: Sequence[str]) -> list[str]:
    """Return the variables of the equations that the indicators read, by id."""
    numerators = [table[name].numerator for name in with_parts(table, names)]
    return sorted({variable for numerator in numerators if numerator for variable in numerator.variables})


def ordered(table: Mapping[str, Formula]) -> tuple[str, ...]:
    """Return the indicators, each after all that it is made of.

    Raises:
        graphlib.CycleError: some are made of each other.
    """
    return tuple(name for name in TopologicalSorter({name: table[name].parts for name in table}).static_order()
                 if name in table)
