"""How many verdicts a comparison of two packages gives, here and in another checkout.

`python -m benchmarks.verdicts [--of FOLDER] [--options A,B] [--members N] [--write]`

Counted are the lines of the comparison in the last year, of the list and the province, each an indicator that is shown.
The other checkout runs on its own source and study, with the programs of this one. `--write` puts the table into
docs/validation.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.pages import put_table

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "validation.md"
COUNT = """
import collections, json, sys, xiancheng
options, members, root = sys.argv[1].split(","), int(sys.argv[2]), sys.argv[3]
ran = xiancheng.compare(*options, members=members, by_lever=False, study=root)
counts = collections.defaultdict(collections.Counter)
for line in ran.lines():
    counts[line.option][line.verdict] += 1
print(json.dumps(dict(sorted(counts.items()))))
"""
VERDICTS = ("better", "worse", "different", "same")
Counts = dict[str, dict[str, int]]


def counts(root: Path, options: str, members: int) -> Counts:
    """Return by option how many lines have each verdict in a checkout."""
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    call = [sys.executable, "-c", COUNT, options, str(members), str(root)]
    lines = subprocess.run(call, cwd=root, env=environment, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(lines.splitlines()[-1]))


def table(told: dict[str, Counts], options: Sequence[str]) -> str:
    """Return the table: a row for each checkout and option."""
    rows = [("checkout", "option", "lines", *VERDICTS), ("---",) * (3 + len(VERDICTS))]
    for name, own in told.items():
        for option, verdicts in zip(options, own.values(), strict=True):
            rows.append((name, option, str(sum(verdicts.values())),
                         *(str(verdicts.get(verdict, 0)) for verdict in VERDICTS)))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Count, show and where asked write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--of", type=Path)
    parser.add_argument("--options", default="county_town_first,housing_first")
    parser.add_argument("--members", type=int, default=20)
    parser.add_argument("--write", action="store_true")
    told = parser.parse_args(arguments)
    folders = {"this one": ROOT, **({told.of.name: told.of.resolve()} if told.of else {})}
    found = {name: counts(folder, told.options, told.members) for name, folder in folders.items()}
    shown = table(found, told.options.split(","))
    print(shown)
    if told.write:
        put_table(PAGE, "benchmarks.verdicts", shown)


if __name__ == "__main__":
    main()
