"""Asks pip whether the pins of constraints.txt can be had, all together, by every Python that we name."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def requirements() -> list[str]:
    """Return every requirement of the core and of all extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    lines = [*project["dependencies"], *(line for own in extras for line in own)]
    return sorted({line for line in lines if not line.startswith("xiancheng[")})


def fits(python: str) -> bool:
    """Tell whether wheels for a Python are there that fit all pins; what does not is printed by pip."""
    with tempfile.TemporaryDirectory() as folder:
        place = ["--ignore-installed", "--only-binary=:all:", "--python-version", python, "--target", folder]
        pins = ["-c", str(ROOT / "constraints.txt"), *requirements()]
        command = [sys.executable, "-m", "pip", "install", "-q", "--dry-run", *place, *pins]
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
