"""Models of XMILE (OASIS 2015; .xmile, .stmx), read by PySD's reader and written as Vensim text.

What that reader passes over without a word is looked for in the file itself and refused: modules, macros, conveyors and
queues. Each equation of the text stands in the line of its variable in the file, so that problems name the right row.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from xiancheng.engine.syntax import Refused
from xiancheng.engine.xmile_equations import Writer, named, plain
from xiancheng.errors import Problem, StudyError, optional
from xiancheng.texts import phrase

SUFFIXES = (".xmile", ".stmx")
_FOREIGN = ("module", "conveyor", "queue", "oven")
"""Variables, and kinds of stocks, that PySD's reader passes over."""
_HARMLESS = {("NAMESPACE", "ERROR"), ("PARSER", "WARNING"), ("NAMESPACE", "WARNING")}
"""What is wrong with many published models: attributes of a program whose namespace is not declared, or short."""
_METHODS = {"": 0, "euler": 0, "rk2": 4, "rk4": 5}
"""Codes of line 15 of Vensim's settings, by the name of a method of integration."""
_SETTINGS = "\\\\\\---/// Sketch information\n///---\\\\\\\n15:0,0,0,{code},0,0\n"
_CONTROLS = {"initial_time": "start", "final_time": "stop", "time_step": "dt", "saveper": "dt"}

Line = tuple[int, str]
"""The line of the file in which a variable stands, and its equation."""


def translated(path: Path) -> str:
    """Return a model of XMILE as Vensim text.

    Args:
        path: the file, in UTF-8.

    Raises:
        StudyError: no such file, no XMILE, or every part of it that is not understood.
    """
    root = _root(path)
    if foreign := [Problem.of(str(path), "engine.xmile.foreign", node.sourceline, part=_local(node.tag))
                   for node in _foreign(root)]:
        raise StudyError(foreign)
    code, problems = _code(path, root)
    lines, wrong = _lines(path, root, code)
    problems += wrong
    if problems:
        raise StudyError(sorted(problems, key=lambda problem: problem.row or 0))
    return _laid_out(lines) + _SETTINGS.format(code=code)


def _foreign(root: Any) -> Iterator[Any]:
    """Yield what PySD's reader does not see: parts of other kinds, and models beside the first."""
    yield from root.findall("{*}macro")
    yield from root.findall("{*}model")[1:]
    for variables in root.findall("{*}model/{*}variables"):
        yield from variables.iter(*(f"{{*}}{name}" for name in _FOREIGN))


def _root(path: Path) -> Any:
    """Return the root of the file; entities of other files are not looked up."""
    if not path.is_file():
        raise StudyError(Problem.of(str(path), "engine.file.none"))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(path.read_bytes(), parser)
    wrong = [error for error in parser.error_log if (error.domain_name, error.level_name) not in _HARMLESS]
    if wrong or root is None:
        line, reason = (wrong[0].line, wrong[0].message) if wrong else (1, phrase("table.empty"))
        raise StudyError(Problem.of(str(path), "engine.xmile.xml", line, reason=reason))
    if root.getroottree().docinfo.doctype or root.nsmap.get(None) is None or root.find("{*}sim_specs") is None:
        raise StudyError(Problem.of(str(path), "engine.xmile.none"))
    return root


def _code(path: Path, root: Any) -> tuple[int, list[Problem]]:
    """Return the code of the method of integration: the first that the file names."""
    specs = root.find("{*}sim_specs")
    method = specs.get("method", "").split(",")[0].strip().lower()
    if method in _METHODS:
        return _METHODS[method], []
    return 0, [Problem.of(str(path), "engine.xmile.method", specs.sourceline, method=method)]


def _lines(path: Path, root: Any, code: int) -> tuple[list[Line], list[Problem]]:
    """Return the equations with their lines, and what cannot be read."""
    problems: list[Problem] = []
    section = _section(path, root)
    rows = {id(node): node.sourceline for node in root.iter()}
    dims = {plain(part.name): _dims(part) for part in section.components if _dims(part)}
    lookups = frozenset(plain(part.name) for part in section.components if type(part).__name__ == "Gf")
    writer, lines = Writer(dims, lookups, frozenset(map(plain, section.subscripts_dict))), list(_ranges(section, root))
    for part in section.components:
        row = _row(part, root, rows)
        interval = _interval(root) if plain(part.name) == "saveper" else ""
        if interval:
            lines.append((row, f"SAVEPER = {interval} ~~|"))
            continue
        try:
            _parse(part, section.behaviors)
            lines += [(row, text) for text in _equations(part, writer, code)]
        except Refused as refused:
            problems.append(refused.at(str(path), part.name, row))
        except Exception as error:  # whatever PySD's reader makes of an equation that it does not know
            reason = phrase("engine.xmile.reason", reason=str(error).splitlines()[0][:120] if str(error) else "")
            problems.append(Refused("engine.unreadable", reason=reason).at(str(path), part.name, row))
    return lines, problems


def _interval(root: Any) -> str:
    """Return after how long a time Stella saves, which is no part of XMILE; none where it is not told."""
    attributes = root.find("{*}sim_specs").attrib.items()
    own = next((value for name, value in attributes if _local(name) == "save_interval"), "")
    return own if re.fullmatch(r"[0-9]*\.?[0-9]+", own) and float(own) > 0 else ""


def _local(name: str) -> str:
    """Return a name without its namespace, or without the prefix of one that the file does not declare."""
    return name.rpartition("}")[2].rpartition(":")[2]


def _section(path: Path, root: Any) -> Any:
    with optional("reference", "pysd"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pysd.translators.xmile.xmile_section import Section  # type: ignore[import-untyped]  # PySD is heavy
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            section = Section("__main__", path, "main", [], [], root, root.nsmap[None], False, None)
            section.parse(parse_all=False)
    except Exception as error:  # a variable without a name, a clock without a step
        reason = f"{type(error).__name__} {error}".strip()[:120]
        raise StudyError(Problem.of(str(path), "engine.xmile.unread", reason=reason)) from None
    return section


def _parse(part: Any, behaviours: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        part.parse(behaviours)


def _dims(part: Any) -> list[str]:
    """Return the ranges of a variable."""
    node = getattr(part, "node", None)
    return [] if node is None else [dim.get("name") for dim in node.findall("{*}dimensions/{*}dim")]


def _row(part: Any, root: Any, rows: dict[int, int]) -> int:
    node = getattr(part, "node", None)
    if node is None:
        node = root.find(f"{{*}}sim_specs/{{*}}{_CONTROLS[plain(part.name)]}")
    return int(node.sourceline)


def _ranges(section: Any, root: Any) -> Iterator[Line]:
    nodes = {node.get("name"): node for node in root.findall("{*}dimensions/{*}dim")}
    for name, elements in section.subscripts_dict.items():
        own = elements or [f"{name} {number}" for number in range(1, int(nodes[name].get("size", "0")) + 1)]
        yield nodes[name].sourceline, f"{named(name)}: {', '.join(own)} ~~|"


def _equations(part: Any, writer: Writer, code: int) -> Iterator[str]:
    """Yield the equations of a variable as entries of a .mdl; `code` is that of the method of integration."""
    element = part.get_abstract_element()
    units, words = (_bare(word or "") for word in (element.units, element.documentation))
    for component in element.components:
        subscripts = [word.strip() for word in component.subscripts[0]]
        left = named(element.name) + (f"[{', '.join(subscripts)}]" if subscripts else "")
        kind = type(component.ast).__name__
        if kind == "IntegStructure" and component.ast.non_negative:
            if code:
                raise Refused("engine.xmile.non_negative")
            right = writer.above_nothing(component.ast, left)
        else:
            right = writer.text(component.ast)
        sign = "" if kind == "LookupsStructure" else " = "
        yield f"{left}{sign}{right} ~ {units} ~ {words} |"


def _bare(words: str) -> str:
    """Return words without what has a meaning in Vensim text."""
    return " ".join("".join(" " if letter in "~|{}\\\"" else letter for letter in words).split())


def _laid_out(lines: list[Line]) -> str:
    """Return the entries, each in the line that it has in the file."""
    text, row = "{UTF-8}", 1
    for line, entry in sorted(lines, key=lambda item: item[0]):
        text += "\n" * max(line - row, 0) + entry
        row = max(line, row)
    return text + "\n"
