"""Few members of the whole model that stand for all of them, for answers that cannot wait.

They were chosen so that bands of headline changes come close to those of all members. Chosen from other members than
those of today they are refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xiancheng import whole_files
from xiancheng.calibration import whole_members
from xiancheng.calibration.joint_prior import Draws
from xiancheng.errors import Problem, StudyError
from xiancheng.model.reading import Findings, no_duplicates, number, read_rows
from xiancheng.model.tidy import integer
from xiancheng.study import Study
from xiancheng.texts import phrase, text

FILE, MISSES = "members_stand_ins.csv", "members_stand_ins_misses.csv"
COLUMNS = ("member", "members_sha256")
MISS_COLUMNS = ("indicator", "miss")
AGREED, ROUGH = 0.1, 0.25
"""Parts of its width that a band may be off: from the first on it does not agree, from the second on it is rough."""


@dataclass(frozen=True)
class StandIns:
    """Members that stand for all.

    Attributes:
        members: their numbers.
        misses: by headline indicator, how far their band of a change is off where the choice did not see the option:
            three in four, over options and areas, are closer [part of the width].
    """

    members: tuple[int, ...]
    misses: Mapping[str, float]

    @property
    def rough(self) -> tuple[str, ...]:
        """Indicators whose band is rough."""
        return tuple(name for name, miss in self.misses.items() if miss > ROUGH)


def has_file(study: Study) -> bool:
    """Tell whether members of a study have stand-ins."""
    return whole_members.has_file(study) and (study.calibration / FILE).is_file()


def read(study: Study) -> StandIns:
    """Return the stand-ins of a study.

    Raises:
        StudyError: no such file, a cell that is no number, a member twice, or chosen from other members than those of
            today.
    """
    file = study.calibration / FILE
    findings = Findings(str(file))
    rows = read_rows(file, COLUMNS, findings)
    no_duplicates(rows, COLUMNS[:1], findings)
    members = tuple(integer(row["member"], row, findings) for row in rows)
    findings.stop()
    if {row["members_sha256"] for row in rows} != {whole_members.fingerprint_of(study)}:
        raise StudyError(Problem(str(file), phrase("stand_ins.stale"), phrase("stand_ins.fresh"),
                                 phrase("stand_ins.hint")))
    findings = Findings(str(study.calibration / MISSES))
    misses = {row["indicator"]: number(row, "miss", findings, low=0.0)
              for row in read_rows(study.calibration / MISSES, MISS_COLUMNS, findings)}
    findings.stop()
    return StandIns(members, misses)


def of_count(study: Study, kind: str, count: int | None) -> StandIns | None:
    """Return the stand-ins where a call asks for as many members of the whole model as they are, else None.

    Raises:
        StudyError: as many, and chosen from other members than those of today.
    """
    if kind != whole_members.WHOLE or count is None or not has_file(study):
        return None
    file = study.calibration / FILE
    return read(study) if len(read_rows(file, COLUMNS, Findings(str(file)))) == count else None


def numbers(study: Study, count: int | None) -> tuple[int, ...]:
    """Return the numbers of so many members of the whole model: stand-ins where they are as many, else the first.

    Args:
        study: the study.
        count: how many; all when None.

    Raises:
        StudyError: no members, fewer than asked for, or older than what they were drawn or chosen from.
    """
    few = of_count(study, whole_members.WHOLE, count)
    return few.members if few else tuple(range(1, whole_members.read(study, count).count + 1))


def sentences(few: StandIns, titles: Mapping[str, str], language: str) -> list[str]:
    """Return that few members stand for all, and whose bands are rough for that.

    Args:
        few: the members.
        titles: of indicators that are shown, by id.
        language: "zh" or "en".
    """
    names = text("list.separator", language).join(titles[name] for name in few.rough if name in titles)
    return [text("stand_ins.all", language, count=len(few.members)),
            *([text("stand_ins.rough", language, names=names)] if names else [])]


def draws(study: Study, members: Sequence[int]) -> Draws:
    """Return members of the whole model by number, in their order.

    Raises:
        StudyError: no members, none of such a number, or drawn from other ranges, groups or paths than those of today.
    """
    drawn = whole_members.read(study)
    if wrong := [member for member in members if not 0 < member <= drawn.count]:
        raise StudyError(Problem(str(study.calibration / FILE), phrase("stand_ins.no_member", number=wrong[0]),
                                 phrase("whole.numbers", count=drawn.count), phrase("stand_ins.hint")))
    return drawn.at([member - 1 for member in members])


def write(study: Study, few: StandIns) -> None:
    """Write stand-ins beside the members that they were chosen from.

    Args:
        study: the study.
        few: what is written.
    """
    mark = whole_members.fingerprint_of(study)
    whole_files.write_rows(study.calibration / FILE, [COLUMNS, *((member, mark) for member in few.members)])
    misses = ((name, f"{miss:.3f}") for name, miss in few.misses.items())
    whole_files.write_rows(study.calibration / MISSES, [MISS_COLUMNS, *misses])
