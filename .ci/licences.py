"""Refuses GPL and AGPL among everything that xiancheng and its extras install; LGPL and MPL are fine unmodified."""

from __future__ import annotations

import re
import sys
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

STRONG = re.compile(r"(?<!L)A?GPL|(?<!Lesser )GNU (Affero )?General Public", re.IGNORECASE)
WEAK = re.compile(r"LGPL|Lesser General Public|Library or Lesser", re.IGNORECASE)


def refused(expression: str, classifiers: list[str]) -> bool:
    """Tell whether a distribution can be had under a strong copyleft licence only.

    Args:
        expression: the licence expression or the first line of the licence field, "" when there is none.
        classifiers: its licence classifiers; several mean a choice.
    """
    if expression:
        choices = re.split(r"\s+OR\s+", expression.strip("() "), flags=re.IGNORECASE)
        return all(any(_strong(part) for part in re.split(r"\s+AND\s+", choice, flags=re.I)) for choice in choices)
    return bool(classifiers) and all(_strong(classifier) for classifier in classifiers)


def _strong(licence: str) -> bool:
    if re.search(r"\bWITH\b.*exception", licence, re.IGNORECASE):
        return False
    return bool(STRONG.search(WEAK.sub("", licence)))


def licence(distribution: metadata.Distribution) -> tuple[str, list[str]]:
    """Return the licence as a distribution states it: (expression, classifiers)."""
    facts = distribution.metadata
    classifiers = [line for line in facts.get_all("Classifier") or [] if line.startswith("License ::")]
    stated = facts.get("License-Expression") or ""
    if not stated and not classifiers:
        stated = next(iter((facts.get("License") or "").strip().splitlines()), "") or _in_its_file(distribution)
    return stated, classifiers


def _in_its_file(distribution: metadata.Distribution) -> str:
    """Return the heading of the licence file that a distribution carries, "" where it has none."""
    for name in distribution.metadata.get_all("License-File") or []:
        text = distribution.read_text(f"licenses/{name}") or distribution.read_text(name) or ""
        heading = next((line.strip() for line in text.splitlines() if line.strip()), "")
        if heading:
            return heading
    return ""


def installed_with(root: str) -> dict[str, metadata.Distribution]:
    """Return every distribution that `root` with all its extras brings along here, by canonical name; `root` first."""
    found: dict[str, metadata.Distribution] = {}
    extras = frozenset(metadata.metadata(root).get_all("Provides-Extra") or [])
    waiting, seen = [(root, extras)], set()
    while waiting:
        name, wanted = waiting.pop()
        if (canonicalize_name(name), wanted) in seen:
            continue
        seen.add((canonicalize_name(name), wanted))
        distribution = metadata.distribution(name)
        found.setdefault(canonicalize_name(name), distribution)
        waiting += [(needed.name, frozenset(needed.extras)) for needed in _needs(distribution, wanted)]
    return found


def _needs(distribution: metadata.Distribution, extras: frozenset[str]) -> list[Requirement]:
    lines = [Requirement(line) for line in distribution.requires or []]
    cases = [{"extra": extra} for extra in extras] or [{"extra": ""}]
    return [line for line in lines if line.marker is None or any(line.marker.evaluate(case) for case in cases)]


def main() -> int:
    """Print the table and return the exit code: 1 when a licence is refused or unknown."""
    bad = 0
    for name, distribution in sorted(installed_with("xiancheng").items()):
        expression, classifiers = licence(distribution)
        words = expression or " / ".join(line.split(" :: ")[-1] for line in classifiers)
        verdict = "unknown" if not words else "refused" if refused(expression, classifiers) else ""
        bad += bool(verdict)
        print(f"{name:28} {distribution.version:18} {words[:60]:60} {verdict}".rstrip())
    print(f"{bad} refused or unknown")
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
