"""The folder of a new lever: every file, every field with what it asks for, and no answer that a person must give."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from xiancheng.errors import Problem, StudyError
from xiancheng.model import lever_constants
from xiancheng.scenarios import levers
from xiancheng.scenarios.fields import Bilingual
from xiancheng.study import Study
from xiancheng.texts import LANGUAGES, catalogue, phrase, text
from xiancheng.weaving import folders
from xiancheng.weaving.documents import CaseFile, IndicatorEntry, LeverFile
from xiancheng.weaving.folders import Folder

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def write(study: Study, name: str, article: str = "") -> Path:
    """Write the folder of a new lever, with everything to fill in named and nothing filled in that a person must know.

    Args:
        study: the study to add it to.
        name: of the lever, in small letters.
        article: of the policy text.

    Returns:
        The folder.

    Raises:
        StudyError: a name that is none or is taken; the folder is left as it is then.
    """
    folder = study.root / lever_constants.FOLDERS / name
    if not _NAME.fullmatch(name):
        raise StudyError(Problem("", phrase("table.is", column="NAME", value=repr(name)), phrase("lever.new_name")))
    if folder.exists() or name in levers.read(study):
        raise StudyError(Problem(str(folder), phrase("lever.taken", id=name), phrase("lever.new_name")))
    others = [folders.read_folder(study, path) for path in folders.paths(study)]
    files = _files(name, article, sorted(others, key=lambda other: other.lever.order))
    folder.mkdir(parents=True)
    for file, content in files.items():
        (folder / file).write_text(content, encoding="utf-8", newline="")
    return folder


def _files(name: str, article: str, others: Sequence[Folder]) -> dict[str, str]:
    like = next((other for other in reversed(others) if other.lever.elements), None)
    subscripts = dict.fromkeys(subscript for other in others for subscript in other.lever.elements)
    begun = {
        "order": others[-1].lever.order + 1 if others else 1,
        "article": article,
        "part": like.lever.part if like else "",
        "elements": {subscript: [f"{name}_programme"] for subscript in subscripts},
    }
    indicator = _table(IndicatorEntry, {"article": article}, (f"{name}_shown",))
    return {
        folders.LEVER: _text(_table(LeverFile, begun)),
        lever_constants.FILE: _constants(name, like),
        folders.EQUATIONS: f"{{ {' · '.join(text('template.equations', language) for language in LANGUAGES)} }}\n",
        folders.INDICATORS: _text(indicator),
        folders.CASES: _text(_cases()),
    }


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _table(
    shape: type[BaseModel], begun: Mapping[str, Any], above: tuple[str, ...] = ()
) -> Iterator[str]:
    """Yield the lines of a TOML table with every field of a shape: its sentence as a comment, then the field."""
    below = []
    if above:
        yield f"[{'.'.join(above)}]"
    for field, about in shape.model_fields.items():
        inner = _inner(about.annotation)
        if inner and inner is not Bilingual:
            below.append((field, inner, about.description or ""))
            continue
        yield from _sentence(about.description or "")
        yield f"{field} = {_value(begun.get(field, ''), inner)}"
    for field, inner, key in below:
        yield ""
        yield from _sentence(key)
        yield from _table(inner, {}, (*above, field))


def _inner(annotation: Any) -> type[BaseModel] | None:
    """Return the shape that a field holds, None for plain values."""
    kinds = (annotation, *get_args(annotation))
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def _sentence(key: str) -> Iterable[str]:
    return (f"# {text(key, language)}" for language in LANGUAGES) if key in catalogue() else ()


def _value(value: Any, inner: type[BaseModel] | None) -> str:
    if inner is Bilingual:
        return "{ " + ", ".join(f'{language} = ""' for language in LANGUAGES) + " }"
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{name}" = {_value(inside, None)}' for name, inside in value.items()) + " }"
    return f'"{value}"' if isinstance(value, str) else str(value).replace("'", '"')


def _cases() -> Iterator[str]:
    inner = _inner(get_args(CaseFile.model_fields["case"].annotation)[0])
    assert inner is not None
    yield "[[case]]"
    yield from _table(inner, {})


def _constants(name: str, like: Folder | None) -> str:
    """Return the table of constants with what every element of the lever's subscripts must have."""
    written = io.StringIO()
    writer = csv.DictWriter(written, lever_constants.HEADER, restval="", lineterminator="\n")
    writer.writeheader()
    for row in like.constants if like else ():
        if row["element"] in (like.lever.elements.get(row["dimension"], ()) if like else ()):
            writer.writerow({column: row[column] for column in ("dimension", "name", "unit", "meaning")}
                            | {"element": f"{name}_programme"})
    return written.getvalue()
