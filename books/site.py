"""The folder that the site is built from: pages written by hand with links that fit, and made ones."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from books import catalogues, commands, doors, model
from xiancheng.sketches import pictures as diagrams
from xiancheng.study import Study

FRONT = ("CONTRIBUTING.md", "DATA_LICENCES.md", "CHANGELOG.md")
"""Pages at the top of the repository that have a place in the site."""
_ROOMS = ("README.md", "README.zh.md", "LICENSE", "CITATION.cff", "calibration/validation.md",
          "clusters/slurm_array.sh", "clusters/slurm_dask.py",
          *(f"clusters/kubernetes/{name}" for name in ("Dockerfile", "volume.yaml", "shares.yaml", "dask.yaml")))
"""Files outside of docs/ that pages link to and that go along as they are."""
_PLACES = {"README.md": "readme.md", "README.zh.md": "readme.zh.md", "calibration/validation.md": "held_out.md"}
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def generated(study: Study) -> dict[str, str]:
    """Return every page that is made, by its path in the site.

    Raises:
        StudyError: the study cannot be read.
    """
    return model.pages(study) | catalogues.pages(study) | commands.pages() | doors.pages()


def write(study: Study, folder: Path) -> list[Path]:
    """Write all that the site is built from and return the pages.

    Args:
        study: what the books are made from; its root holds docs/.
        folder: where; emptied before.

    Raises:
        StudyError: the study cannot be read.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(study.root / "docs", folder)
    for name in (*FRONT, *_ROOMS):
        target = folder / _place(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((study.root / name).read_bytes())
    for page in folder.rglob("*.md"):
        page.write_text(fitted(page.read_text(encoding="utf-8")), encoding="utf-8")
    pictures = {f"model/{name}": picture for name, picture in diagrams.drawn(study, "en").items()}
    for name, words in (generated(study) | pictures).items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(words, encoding="utf-8")
    return sorted(folder.rglob("*.md"))


def named(settings: Path) -> list[str]:
    """Return the pages that the navigation of the site names.

    Args:
        settings: mkdocs.yml.
    """
    return re.findall(r"^ +- (?:.+: )?([\w/.]+\.md)$", settings.read_text(encoding="utf-8"), flags=re.MULTILINE)


def _place(name: str) -> str:
    """Return where a file of the repository stands in the site."""
    return _PLACES.get(name, name)


def fitted(words: str) -> str:
    """Return a page with links that lead where the files stand in the site."""
    return _LINK.sub(lambda match: f"]({_fitted(match.group(1))})", words)


def _fitted(target: str) -> str:
    if "://" in target:
        return target
    name, mark, anchor = target.partition("#")
    name = name.removeprefix("../").removeprefix("docs/")
    return _place(name) + mark + anchor
