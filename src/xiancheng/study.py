"""A study is a folder: equations, tables, scenarios, indicators. This file finds it and says which one it is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from xiancheng import __version__
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import Phrase, phrase

EQUATIONS = "model/urbanisation.mdl"
CLOCK = "model/clock.csv"
_VIEWS = re.compile(rb"\\{2,3}---///.*?(?:///---\\{3}\s*\Z|(?=///---\\{3})|\Z)", re.DOTALL)
"""The views of a sketch, which stand behind equations; settings may follow."""


@dataclass(frozen=True)
class Study:
    """One study folder.

    Attributes:
        root: the folder that holds model/, scenarios/, calibration/ and outputs/; its name as text becomes a path.
        origin: how it was found, a phrase.
    """

    root: Path
    origin: Phrase | str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", Path(self.root))

    @property
    def equations(self) -> Path:
        """The Vensim file."""
        return self.root / EQUATIONS

    @property
    def tables(self) -> Path:
        """Folder of the tidy tables."""
        return self.root / "model" / "tables"

    @property
    def blocks(self) -> Path:
        """Folder of the wide blocks the equations read."""
        return self.tables / "blocks"

    @property
    def parameters(self) -> Path:
        """The table of constants."""
        return self.tables / "parameters.csv"

    @property
    def scenarios(self) -> Path:
        """Folder of levers, assumptions and scenario files."""
        return self.root / "scenarios"

    @property
    def outputs(self) -> Path:
        """Folder of the indicator catalogue."""
        return self.root / "outputs"

    @property
    def calibration(self) -> Path:
        """Folder of targets, priors and posterior."""
        return self.root / "calibration"

    @cached_property
    def equations_hash(self) -> str:
        """sha256 of the equations, whatever views are drawn of them."""
        return digest(self.root, [self.equations], without=_VIEWS)

    @cached_property
    def data_hash(self) -> str:
        """sha256 of every table the model reads, of its years and of the levers."""
        tables, levers = self.tables.rglob("*.csv"), self.scenarios.glob("*.csv")
        return digest(self.root, [*tables, self.root / CLOCK, *levers])

    @property
    def version(self) -> str:
        """Program, model and data in one line; two equal lines give equal results."""
        return f"{__version__} · model {self.equations_hash[:8]} · data {self.data_hash[:8]}"


def digest(root: Path, files: Iterable[Path], without: re.Pattern[bytes] | None = None) -> str:
    """Return the sha256 of files by their place below `root`; line endings make no difference, nor what is left out."""
    total = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.relative_to(root).as_posix()):
        if file.is_file():
            total.update(file.relative_to(root).as_posix().encode() + b"\0")
            content = file.read_bytes().replace(b"\r\n", b"\n")
            total.update((without.sub(b"", content, count=1) if without else content) + b"\0")
    return total.hexdigest()


def find(path: Path | str | None = None, *, working: Path | None = None) -> Study:
    """Find the study to run.

    Args:
        path: the folder a user names; it has to be one.
        working: the folder to look in first, then its parents; the working folder when None.

    Returns:
        The study of `path`, else of the working folder or a parent, else the packaged copy, else the checkout of an
        editable install.

    Raises:
        StudyError: `path` is no study, or none is found.
    """
    if path is not None:
        return Study(_named(Path(path)).resolve(), phrase("study.origin.named"))
    for origin, folder in _candidates(working or Path.cwd()):
        if (folder / EQUATIONS).is_file():
            return Study(folder.resolve(), phrase(origin))
    raise StudyError(Problem("", phrase("study.none"), phrase("study.allowed"), phrase("study.hint")))


def study_of(study: Study | Path | str | None) -> Study:
    """Return the study that a call names in any of the forms that functions take.

    Args:
        study: the study, its folder, or None for the one that the command line finds.

    Raises:
        StudyError: it is no study, or none is found.
    """
    if not isinstance(study, Study):
        return find(study)
    _named(study.root)
    return study


def shipped() -> Path:
    """Return the folder of the study that comes with the program."""
    package = Path(__file__).resolve().parent
    return package / "study" if (package / "study").is_dir() else package.parents[1]


def packaged() -> Path:
    """Return the folder of the program."""
    return Path(__file__).resolve().parent


def _candidates(working: Path) -> list[tuple[str, Path]]:
    package = Path(__file__).resolve().parent
    here = working.resolve()
    return [
        *(("study.origin.working", folder) for folder in (here, *here.parents)),
        ("study.origin.packaged", package / "study"),
        ("study.origin.checkout", package.parents[1]),
    ]


def _named(path: Path) -> Path:
    if (path / EQUATIONS).is_file():
        return path
    found = phrase("study.not_one", path=path) if path.is_dir() else phrase("study.no_folder", path=path)
    raise StudyError(Problem(str(path), found, phrase("study.allowed"), phrase("study.hint")))
