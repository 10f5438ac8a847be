"""What packages do of what they are named for, and what it hangs on: `python -m benchmarks.packages [--write]`.

Runs every package, and each without each of its levers, on the table of constants. `--write` puts the tables into
docs/packages.md.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.pages import put_table
from xiancheng.comparison import changes, comparison, reliance, words
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.reliance import Reliance
from xiancheng.comparison.report import owed
from xiancheng.comparison.request import ALL, REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.outputs import targets, units
from xiancheng.study import Study

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "packages.md"
LEAST = 0.05
"""Part of a figure below which a lever is left out of the second table."""
PROMISES = ("package", "named for", "area", "baseline", "package in 2035", "verdict", "target", "strongest lever",
            "part that hangs on it", "its effect", "said in the report")
LEVERS = ("package", "named for", "lever", "effect", "part lost without it")


def run(study: Study, packages: Sequence[str] = (ALL,)) -> Comparison:
    """Return the packages with the runs without each lever, on the table of constants."""
    return comparison.compare(study, list(packages), members=0)


def promises(ran: Comparison, language: str) -> list[tuple[str, ...]]:
    """Return for each figure that a package is named for the change and the lever that most of it hangs on."""
    said, first = ("\n".join(part(ran, language)) for part in (owed.sentences, owed.brief))
    rows = []
    for item in reliance.strongest(ran.reliances):
        unit, goal = str(item.about["units"]), str(item.about.get("target", ""))
        base, own = (_value(ran, item, scenario) for scenario in (BASELINE, item.option))
        lever = ran.levers[item.lever]
        is_told = lever.title[language] in said and is_named(item.option, first)
        rows.append((
            _package(ran, item), _title(item, language), item.area,
            *(words.level(value, unit, language) for value in (base, own)),
            item.verdict, f"{targets.written(goal, unit, language)}: {_met(ran, item)}" if goal else "—",
            lever.title[language], words.percent(item.share.median, language), lever.evidence,
            ("yes" if is_told else "NO") if item.is_weak else "—",
        ))
    return rows


def is_named(option: str, sentences: str) -> bool:
    """Return whether sentences name an option by its letter."""
    return re.search(rf"\b{option}\b", sentences) is not None


def levers(ran: Comparison, language: str) -> list[tuple[str, ...]]:
    """Return what each figure loses without each lever that it loses something without."""
    return [(_package(ran, item), _title(item, language), ran.levers[item.lever].title[language],
             ran.levers[item.lever].evidence, words.percent(item.share.median, language))
            for item in ran.reliances if abs(item.share.median) >= LEAST]


def _package(ran: Comparison, item: Reliance) -> str:
    return ran.request.options[ran.request.letters.index(item.option)].id


def _title(item: Reliance, language: str) -> str:
    return str(item.about[f"title_{language}"])


def _value(ran: Comparison, item: Reliance, scenario: str) -> float:
    at = {"scenario": scenario, "stress": REFERENCE, "area": item.area, "year": ran.year}
    return float(ran.areas[item.indicator].sel(at).median())


def _met(ran: Comparison, item: Reliance) -> str:
    """Return from when on a figure meets its target."""
    met = next((entry.met for entry in changes.targets_met(ran.areas, item.area)
                if (entry.indicator, entry.scenario) == (item.indicator, item.option)), None)
    return "missed" if met is None else f"met from {met}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as Markdown."""
    lines = (heads, ["---"] * len(heads), *rows)
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def main(arguments: Sequence[str]) -> None:
    """Run, show, and write where asked."""
    study = Study(ROOT)
    ran, language = run(study), units.spoken(study, "en")
    sheet = f"{table(PROMISES, promises(ran, language))}\n\n{table(LEVERS, levers(ran, language))}"
    sys.stdout.write(sheet + "\n")
    if "--write" in arguments:
        put_table(PAGE, "benchmarks.packages", sheet)


if __name__ == "__main__":
    main(sys.argv[1:])
