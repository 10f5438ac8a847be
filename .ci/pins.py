"""Asks pip whether the pins of constraints.txt can be had and fit each other, under every Python that we name."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11.2", "3.12", "3.13", "3.14")
"""Of 3.11 the one that Debian 12 brings."""


def environment(python: str) -> dict[str, str]:
    """Return what markers of requirements read, on Linux under a Python."""
    full = python if python.count(".") == 2 else f"{python}.0"
    return {"python_version": ".".join(full.split(".")[:2]), "python_full_version": full, "sys_platform": "linux",
            "platform_system": "Linux", "platform_machine": "x86_64", "os_name": "posix",
            "implementation_name": "cpython", "platform_python_implementation": "CPython"}


def pins(python: str) -> list[str]:
    """Return every pin that holds under a Python, without its marker."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    listed = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return [f"{pin.name}{pin.specifier}" for pin in listed
            if pin.marker is None or pin.marker.evaluate(environment(python))]


def wishes() -> list[str]:
    """Return what the project itself requires, with all its extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    parts = [project["dependencies"], *project["optional-dependencies"].values()]
    return [line for lines in parts for line in lines if not line.startswith(project["name"])]


def unmet(python: str, requirements: Mapping[str, Iterable[str]], versions: Mapping[str, str]) -> list[str]:
    """Return what is required of a version that is not pinned.

    Args:
        python: under which markers are read.
        requirements: of each pinned distribution, by canonical name.
        versions: pinned, by canonical name.
    """
    waiting = [("xiancheng", Requirement(line)) for line in wishes()]
    reached, wrong = set[tuple[str, str]](), set[str]()
    while waiting:
        asker, wish = waiting.pop()
        name = canonicalize_name(wish.name)
        if not any(_holds(wish, {**environment(python), "extra": extra}) for extra in ("", *_extras(reached, asker))):
            continue
        if name not in versions or not wish.specifier.contains(versions[name], prereleases=True):
            wrong.add(f"{asker} requires {wish}, pinned is {versions.get(name, 'nothing')}")
            continue
        for extra in ("", *wish.extras):
            if (name, extra) not in reached:
                reached.add((name, extra))
                waiting += [(name, Requirement(line)) for line in requirements.get(name, ())]
    return sorted(wrong)


def _extras(reached: Iterable[tuple[str, str]], name: str) -> list[str]:
    """Return the extras of a distribution that somebody asked for."""
    return [extra for own, extra in reached if own == name and extra]


def _holds(wish: Requirement, markers: dict[str, str]) -> bool:
    return wish.marker is None or wish.marker.evaluate(markers)


def report(python: str) -> list[dict[str, Any]] | None:
    """Return what pip says of every pin under a Python, None where one cannot be had; what is wrong pip prints."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "report.json")
        place = ["--ignore-installed", "--no-deps", "--python-version", python, "--target", folder]
        command = [sys.executable, "-m", "pip", "install", "-q", "--dry-run", "--report", str(file), *place]
        if subprocess.run([*command, *pins(python)], check=False).returncode:
            return None
        return [entry["metadata"] for entry in json.loads(file.read_text(encoding="utf-8"))["install"]]


def fits(python: str) -> bool:
    """Tell whether a Python can have all pins and they fit each other; what does not is printed."""
    entries = report(python)
    if entries is None:
        return False
    versions = {canonicalize_name(entry["name"]): entry["version"] for entry in entries}
    requirements = {canonicalize_name(entry["name"]): entry.get("requires_dist", []) for entry in entries}
    wrong = unmet(python, requirements, versions)
    print("".join(f"{line}\n" for line in wrong), end="", flush=True)
    return not wrong


def main() -> int:
    """Print a line for each Python and return 1 where one does not fit."""
    answers = {}
    for python in PYTHONS:
        answers[python] = fits(python)
        print(f"Python {python}: {'fits' if answers[python] else 'does not fit'}", flush=True)
    return int(not all(answers.values()))


if __name__ == "__main__":
    sys.exit(main())
