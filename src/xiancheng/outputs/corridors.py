"""Between which bounds the effect of a lever must lie: corridors.csv, from figures of the literature and accounts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from xiancheng.model.reading import Findings, Row, no_duplicates, number, one_of, read_rows
from xiancheng.scenarios import levers
from xiancheng.study import Study

FILE = "corridors.csv"
HEADER = ("lever", "setting", "measure", "low", "central", "high", "unit", "source", "note")
NOTE_ZH = "note_zh"
"""The note in Chinese, a column that a table may leave out."""
ANY = "*"
"""Every lever, or every setting of a lever."""
ENDS = ("low", "high")
PER_PERSON, SAVED_PER_PERSON, WHOLE_PER_PERSON = "money_per_person", "saved_per_person", "whole_per_person"
PER_TONNE, PER_THING = "money_per_tonne", "money_per_thing"
LIFE_PER_TONNE, NET_PER_TONNE, PUBLIC_PER_TONNE = "life_per_tonne", "net_per_tonne", "public_per_tonne"
MEASURES: Mapping[str, str] = {
    "people": "persons", "people_of_province": "persons", "own": "share", "product": "share",
    PER_PERSON: "yuan", SAVED_PER_PERSON: "yuan", WHOLE_PER_PERSON: "yuan", PER_TONNE: "yuan", PER_THING: "yuan",
    LIFE_PER_TONNE: "yuan", NET_PER_TONNE: "yuan", PUBLIC_PER_TONNE: "yuan",
}
"""What a corridor bounds, with its unit: residents of the scope and of the province, relative change of the lever's own
indicator and of the product of the province, public money over what it gains, public money saved over residents lost,
public and private money over residents held; by tonne avoided directly, first cost spread over the life of a measure
and running cost, the same less energy bills saved, and its public part."""


@dataclass(frozen=True)
class Corridor:
    """Bounds of a measure.

    Attributes:
        lever: id, or ANY; setting: of ENDS, a value [unit of the lever], or ANY.
        measure: of MEASURES.
        low, central, high: bounds and middle [unit of the measure]; infinite or missing where there are none.
        source: where they come from; note: what else is to be known, by language.
    """

    lever: str
    setting: str
    measure: str
    low: float
    central: float
    high: float
    source: str
    note: Mapping[str, str]

    @property
    def unit(self) -> str:
        """Unit of the bounds."""
        return MEASURES[self.measure]

    @property
    def is_rule(self) -> bool:
        """Whether it holds every lever."""
        return self.lever == ANY

    def value(self, lever: levers.Lever) -> float | None:
        """Return the setting that it speaks of [unit of the lever]; None where it speaks of all."""
        return None if self.setting == ANY else setting_of(lever, self.setting)

    def holds(self, value: float) -> bool:
        """Tell whether a value lies inside; a missing one does in a rule alone, which speaks of who has one."""
        return self.is_rule if math.isnan(value) else self.low <= value <= self.high


def setting_of(lever: levers.Lever, word: str) -> float:
    """Return the value that a setting names [unit of the lever]."""
    return {"low": lever.low, "high": lever.high}[word] if word in ENDS else float(word)


def read(study: Study) -> tuple[Corridor, ...]:
    """Read outputs/corridors.csv; a study without that file knows of none.

    Raises:
        StudyError: everything wrong in the table, at once.
    """
    path = study.outputs / FILE
    if not path.is_file():
        return ()
    findings = Findings(str(path))
    rows = read_rows(path, HEADER, findings, (NOTE_ZH,))
    no_duplicates(rows, HEADER[:3], findings)
    catalogue = levers.read(study)
    corridors = [_corridor(row, catalogue, findings) for row in rows]
    findings.stop()
    return tuple(corridors)


def _corridor(row: Row, catalogue: Mapping[str, levers.Lever], findings: Findings) -> Corridor:
    one_of(row, "lever", (ANY, *catalogue), findings)
    one_of(row, "measure", tuple(MEASURES), findings)
    one_of(row, "unit", (MEASURES.get(row["measure"], ""),), findings)
    levers.filled(row, ("source",), findings)
    if row["lever"] in catalogue and row["setting"] not in (ANY, *ENDS):
        lever = catalogue[row["lever"]]
        number(row, "setting", findings, low=lever.low, high=lever.high)
    elif row["lever"] == ANY:
        one_of(row, "setting", (ANY,), findings)
    open_ends = {"low": -math.inf, "central": math.nan, "high": math.inf}
    bounds = {end: number(row, end, findings) if row[end] else open_ends[end] for end in open_ends}
    return Corridor(row["lever"], row["setting"], row["measure"], **bounds, source=row["source"],
                    note={"en": row["note"], "zh": row[NOTE_ZH] or row["note"]})
