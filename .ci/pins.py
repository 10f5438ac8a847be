"""Asks pip whether the pins of constraints.txt can be had, all together, by every Python that we name."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11.2", "3.12", "3.13", "3.14")
"""Of 3.11 the one that Debian 12 brings."""


def pins() -> list[str]:
    """Return every pin, with its marker."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def fits(python: str) -> bool:
    """Tell whether a Python can have all pins; what does not fit is printed by pip."""
    with tempfile.TemporaryDirectory() as folder:
        place = ["--ignore-installed", "--no-deps", "--python-version", python, "--target", folder]
        command = [sys.executable, "-m", "pip", "install", "-q", "--dry-run", *place, *pins()]
        return subprocess.run(command, check=False).returncode == 0


def main() -> int:
    """Print a line for each Python and return 1 where one does not fit."""
    answers = {}
    for python in PYTHONS:
        answers[python] = fits(python)
        print(f"Python {python}: {'fits' if answers[python] else 'does not fit'}", flush=True)
    return int(not all(answers.values()))


if __name__ == "__main__":
    sys.exit(main())
