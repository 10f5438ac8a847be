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
from xiancheng.comparison import changes, comparison, money, reliance, words
from xiancheng.comparison.changes import Line
from xiancheng.comparison.comparison import AREAS, Comparison
from xiancheng.comparison.reliance import Reliance
from xiancheng.comparison.report import owed
from xiancheng.comparison.request import ALL, REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.outputs import targets, units, views
from xiancheng.study import Study

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "packages.md"
LEAST = 0.05
"""Part of a figure below which a lever is left out of the second table."""
PROMISES = ("package", "named for", "area", "baseline", "package in 2035", "verdict", "target", "strongest lever",
            "part that hangs on it", "its effect", "said in the report")
LEVERS = ("package", "named for", "lever", "effect", "part lost without it")
FIGURES = ("package", "figure", "baseline", "package in 2035", "change", "verdict", "decided by")
VIEW = "compare_lines"
"""The view whose indicators stand for a package in one look."""
DECISIVE = 3
"""Levers that are named beside a change."""
SAME = "about the same"
IN_ONE_LOOK = ("Each package in one look, in the listed places in 2035: every change beyond the least one that counts, "
               "with the three levers without which most of it is lost.")
COSTS = ("What each package costs in the province in all years of the policy, above the baseline and in yuan of 2020; "
         "public cost is investment and operation together.")


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
            _package(ran, item.option), _title(item, language), item.area,
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
    return [(_package(ran, item.option), _title(item, language), ran.levers[item.lever].title[language],
             ran.levers[item.lever].evidence, words.percent(item.share.median, language))
            for item in ran.reliances if abs(item.share.median) >= LEAST]


def figures(ran: Comparison, language: str) -> list[tuple[str, ...]]:
    """Return what each package does to the figures of one look in the listed places, and what decides it."""
    names = views.of(ran.study, VIEW)
    lines = changes.lines(ran.areas, names, level=AREAS[:1])
    marks = {name: lever.evidence for name, lever in ran.levers.items()}
    heads = [(line.option, line.indicator, line.area) for line in lines if line.verdict != changes.SAME]
    behind: dict[tuple[str, str], list[Reliance]] = {}
    for item in reliance.of(ran.areas, ran.runs.without, heads, marks):
        behind.setdefault((item.option, item.indicator), []).append(item)
    order = {letter: number for number, letter in enumerate(ran.request.letters)}
    return [_figure(ran, line, behind.get((line.option, line.indicator), []), language)
            for line in sorted(lines, key=lambda line: order[line.option])]


def _figure(ran: Comparison, line: Line, behind: Sequence[Reliance], language: str) -> tuple[str, ...]:
    parts = [f"{ran.levers[item.lever].title[language]} {words.percent(item.share.median, language)}"
             for item in behind[:DECISIVE]]
    return (
        _package(ran, line.option), line.title(language),
        *(words.level(value.median, line.unit, language) for value in (line.baseline, line.level)),
        words.change(line.change.median, line.unit, language),
        SAME if line.verdict == changes.SAME else line.verdict, ", ".join(parts) or "—",
    )


def purses(ran: Comparison, language: str) -> list[tuple[str, ...]]:
    """Return the heads and a line for each package: its money of all years of the policy above the baseline."""
    payers = [name for name in ran.accounts.payers if name in ran.areas]
    flows = money.flows(ran.areas, AREAS[-1], payers, ran.accounts)
    unit, _, _ = str(ran.areas[payers[0]].attrs["units"]).partition(" a year")
    heads = ("package", *(str(ran.areas[name].attrs[f"title_{language}"]) for name in payers))
    by_option: dict[str, list[str]] = {}
    for flow in flows:
        by_option.setdefault(flow.option, []).append(words.change(flow.total.median, unit, language))
    return [heads, *((_package(ran, option), *cells) for option, cells in by_option.items())]


def sheet(ran: Comparison, language: str) -> str:
    """Return all tables of the page, with a sentence over those that its text does not tell of."""
    heads, *lines = purses(ran, language)
    tables = (table(PROMISES, promises(ran, language)), table(LEVERS, levers(ran, language)),
              IN_ONE_LOOK, table(FIGURES, figures(ran, language)), COSTS, table(heads, lines))
    return "\n\n".join(tables)


def _package(ran: Comparison, letter: str) -> str:
    return ran.request.options[ran.request.letters.index(letter)].id


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
    tables = sheet(ran, language)
    sys.stdout.write(tables + "\n")
    if "--write" in arguments:
        put_table(PAGE, "benchmarks.packages", tables)


if __name__ == "__main__":
    main(sys.argv[1:])
