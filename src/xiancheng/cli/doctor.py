"""`doctor`: whether this machine has all that the program needs, and what to do about what is missing."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from xiancheng.cli import screen
from xiancheng.cli.frame import verb
from xiancheng.cli.session import Session
from xiancheng.errors import StudyError
from xiancheng.model import members, tables
from xiancheng.outputs import fonts
from xiancheng.scenarios import scenario

FINE, MISSING, BROKEN = "fine", "missing", "broken"
"""All there; an optional part is not; something that every run needs is not."""
_NEEDED = {"jax": "jax", "numpy": "numpy", "xarray": "xarray", "pandas": "pandas", "scipy": "scipy",
           "h5netcdf": "h5netcdf"}
_OPTIONAL = {
    "plots": {"matplotlib": "matplotlib"},
    "reference": {"pysd": "pysd"},
    "report": {"vl_convert": "vl-convert-python", "docx": "python-docx", "xlsxwriter": "XlsxWriter", "fpdf": "fpdf2"},
    "sweep": {"zarr": "zarr", "SALib": "SALib", "distributed": "distributed"},
}
_MEMORY, _DISK = 3.0, 1.0
"""GiB that the largest model takes while it is compiled, and that results of an afternoon take."""
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]
Finding = tuple[str, str, str]
"""(part, state, what was found or what to do)."""


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "doctor")(doctor)


def doctor(session: Session, form: Form = "table") -> None:
    """Look at the machine, the installation and the study."""
    screen.checked(form)
    findings = [*_machine(session), *_programs(session), *_study(session)]
    rows = [{"part": part, "state": session.words(f"doctor.{state}") if form == "table" else state, "found": words}
            for part, state, words in findings]
    titles = {name: session.words(f"doctor.column.{name}") for name in ("part", "state", "found")}
    screen.rows(session, rows, form, titles=titles)
    broken = sum(state == BROKEN for _, state, _ in findings)
    missing = sum(state == MISSING for _, state, _ in findings)
    session.say("doctor.sum" if broken or missing else "doctor.well", broken=broken, missing=missing)
    if broken:
        raise typer.Exit(1)


def _machine(session: Session) -> Iterator[Finding]:
    words = session.words
    python = platform.python_version()
    yield "Python", FINE if sys.version_info >= (3, 11) else BROKEN, f"{python} · {platform.platform(terse=True)}"
    yield words("doctor.cores"), FINE, str(os.cpu_count() or 1)
    memory = _memory()
    if memory:
        state = FINE if memory >= _MEMORY else MISSING
        yield words("doctor.memory"), state, words("doctor.gibibytes", size=f"{memory:.1f}", wanted=f"{_MEMORY:g}")
    free = shutil.disk_usage(Path.cwd()).free / 2**30
    yield words("doctor.disk"), FINE if free >= _DISK else MISSING, words(
        "doctor.gibibytes", size=f"{free:.1f}", wanted=f"{_DISK:g}")
    yield words("doctor.font"), *_font(session)
    encoding = str(getattr(sys.stdout, "encoding", "") or "")
    yield words("doctor.encoding"), FINE if "utf" in encoding.lower() else MISSING, encoding


def _memory() -> float:
    """Return the memory of the machine [GiB], 0 where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except (AttributeError, ValueError, OSError):
        return 0.0


def _font(session: Session) -> tuple[str, str]:
    """Return whether figures can have Chinese labels, and by which font."""
    if find_spec(fonts.PLOTS[1]) is None:
        return MISSING, session.words("doctor.extra", extra=fonts.PLOTS[0])
    family = fonts.family_for("莒鄄郯沂²▲▼●◆")
    return FINE if family else MISSING, family or session.words("report.no_font")


def _programs(session: Session) -> Iterator[Finding]:
    for module, package in _NEEDED.items():
        version = _version(module, package)
        yield package, FINE if version else BROKEN, version or session.words("doctor.reinstall")
    for extra, packages in _OPTIONAL.items():
        for module, package in packages.items():
            version = _version(module, package)
            yield package, FINE if version else MISSING, version or session.words("doctor.extra", extra=extra)


def _version(module: str, package: str) -> str:
    if find_spec(module) is None:
        return ""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "?"


def _study(session: Session) -> Iterator[Finding]:
    words = session.words
    try:
        study = session.study
    except StudyError as error:
        yield words("doctor.study"), BROKEN, str(error)
        return
    yield words("doctor.study"), FINE, f"{study.root} · {study.version}"
    steps: dict[str, Callable[[], object]] = {
        "doctor.tables": lambda: tables.check(study.root), "doctor.levers": lambda: scenario.book(study)}
    for name, step in steps.items():
        try:
            step()
            yield words(name), FINE, words("doctor.read")
        except StudyError as error:
            yield words(name), BROKEN, words("doctor.problems", count=len(error.problems))
    try:
        yield words("doctor.members"), FINE, str(len(members.read(study)))
    except StudyError:
        yield words("doctor.members"), MISSING, words("doctor.no_members")


