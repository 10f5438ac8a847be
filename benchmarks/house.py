"""The house in figures: `python -m benchmarks.house [--write] [--of FOLDER [--keep]]`.

Counts the source as it stands, beside what it was before it was rebuilt. `--write` puts the table into
docs/architecture.md and lowers the ceilings of the participles that a test holds. `--of` counts another checkout;
`--keep` stores its figures as the column `before` (they are those of `git archive d469ca0`).
"""

from __future__ import annotations

import ast
import csv
import re
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmarks.pages import put_table

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
BEFORE = ROOT / "benchmarks" / "house_before.csv"
CEILINGS = ROOT / "tests" / "house_ceilings.csv"
PARTICIPLES = ("found", "one", "known", "told", "there", "wanted", "asked", "kept", "whole", "said", "held", "seen",
               "given")
"""Words that say that something was done to a thing, and not what the thing is."""
LONGEST_FUNCTION, LONGEST_FILE = 40, 300
FACE = "__init__"
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

Figures = dict[str, int]


@dataclass(frozen=True)
class Source:
    """The source of one checkout.

    Attributes:
        root: folder that holds `src/`.
    """

    root: Path

    @property
    def package(self) -> Path:
        """Folder of the package."""
        return self.root / "src" / "xiancheng"

    @cached_property
    def texts(self) -> dict[Path, str]:
        """Text of every file of the package."""
        return {file: file.read_text(encoding="utf-8") for file in sorted(self.package.rglob("*.py"))}

    @cached_property
    def trees(self) -> dict[Path, ast.Module]:
        """The same, parsed."""
        return {file: ast.parse(text) for file, text in self.texts.items()}

    def room(self, file: Path) -> str:
        """Return the room of a file: its folder, or itself where it stands at the top."""
        parts = file.relative_to(self.package).parts
        return _room(tuple(part.removesuffix(".py") for part in parts))


def _room(module: tuple[str, ...]) -> str:
    """Return the room of a module; a report is a room of its own wherever its folder stands."""
    return module[1] if len(module) > 1 and module[1] == "report" else module[0]


def imports(tree: ast.AST) -> list[ast.Import | ast.ImportFrom]:
    """Return the statements that import, wherever they stand."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]


def modules(statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, ...]]:
    """Name what a statement imports from the package, as parts of the path below it."""
    names = [alias.name for alias in statement.names]
    if isinstance(statement, ast.ImportFrom):
        names = [f"{statement.module}.{name}" for name in names]
    for name in names:
        top, *parts = name.split(".")
        if top == "xiancheng":
            yield (FACE,) if parts[-1:] == ["__version__"] or not parts else tuple(parts)


def arrows(source: Source) -> set[tuple[str, str]]:
    """Return who imports whom: (room, room it imports), each pair once; the program's door `__main__` left out."""
    pairs = {
        (source.room(file), _room(module))
        for file, tree in source.trees.items()
        for statement in imports(tree)
        for module in modules(statement)
    }
    return {(room, other) for room, other in pairs if room not in (other, "__main__")}


def inner_imports(tree: ast.AST) -> int:
    """Count imports inside functions."""
    inside = {id(statement) for node in ast.walk(tree) if isinstance(node, _FUNCTIONS) for statement in imports(node)}
    return len(inside)


def identifiers(tree: ast.AST) -> Iterator[str]:
    """Name every identifier where it is bound or used: names, arguments, attributes, keywords, definitions, aliases."""
    for node in ast.walk(tree):
        for field in ("id", "arg", "attr", "name", "asname"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                yield value


def participles(source: Source) -> Figures:
    """Count for each participle how often it stands as a name by itself."""
    counts = Counter(name for tree in source.trees.values() for name in identifiers(tree))
    return {word: counts[word] + counts[word.capitalize()] for word in PARTICIPLES}


def words(source: Source) -> Figures:
    """Count for each participle how often it stands in the source as a word, in prose too."""
    pattern = re.compile(rf"\b({'|'.join(PARTICIPLES)})\b")
    counts = Counter(word for text in source.texts.values() for word in pattern.findall(text))
    return {word: counts[word] for word in PARTICIPLES}


def long_functions(source: Source) -> list[str]:
    """Name the functions longer than allowed, without their decorators and docstrings."""
    return [
        f"{file.relative_to(source.root)}:{node.lineno} {node.name}"
        for file, tree in source.trees.items()
        for node in ast.walk(tree)
        if isinstance(node, _FUNCTIONS) and _length(node) > LONGEST_FUNCTION
    ]


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    is_sentence = ast.get_docstring(node) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if is_sentence else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - docstring


def classes_of_several_rooms(source: Source) -> set[str]:
    """Return names of classes that stand for something else in another file."""
    files: dict[str, set[Path]] = defaultdict(set)
    for file, tree in source.trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                files[node.name].add(file)
    return {name for name, places in files.items() if len(places) > 1}


def figures(source: Source) -> Figures:
    """Count everything that the table shows."""
    lengths = [len(text.splitlines()) for text in source.texts.values()]
    named, written = participles(source), words(source)
    rooms = {source.room(file) for file in source.texts} - {FACE, "__main__"}
    return {
        "rooms": len(rooms),
        "files": len(lengths),
        "source lines": sum(lengths),
        "lines of a file, median": round(statistics.median(lengths)),
        "lines of the longest file": max(lengths),
        f"functions of more than {LONGEST_FUNCTION} lines": len(long_functions(source)),
        "arrows between rooms": len(arrows(source)),
        "imports inside functions": sum(map(inner_imports, source.trees.values())),
        "names of classes that stand in several files": len(classes_of_several_rooms(source)),
        "the participles as names": sum(named.values()),
        **{f"`{word}` as a name": count for word, count in named.items()},
        **{f"`{word}` as a word": count for word, count in written.items()},
    }


def by_room(source: Source) -> list[tuple[str, int, int]]:
    """Return (room, files, lines)."""
    rooms: dict[str, list[int]] = defaultdict(list)
    for file, text in source.texts.items():
        rooms[source.room(file)].append(len(text.splitlines()))
    return [(room, len(lengths), sum(lengths)) for room, lengths in sorted(rooms.items()) if room != "__main__"]


def table(before: Mapping[str, int], source: Source) -> str:
    """Write both tables: figures before and now, and the rooms."""
    now = figures(source)
    lines = ["| figure | before | now |", "| --- | ---: | ---: |"]
    lines += [f"| {name} | {before.get(name, '')} | {count} |" for name, count in now.items()]
    lines += ["", "| room | files | lines |", "| --- | ---: | ---: |"]
    lines += [f"| {'`__init__` (the face)' if room == FACE else f'`{room}`'} | {files} | {count} |"
              for room, files, count in by_room(source)]
    return "\n".join(lines)


def read(file: Path) -> Figures:
    """Read stored figures; none where there is no file."""
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["figure"]: int(row["count"]) for row in csv.DictReader(lines)}


def store(file: Path, counts: Mapping[str, int]) -> None:
    """Write figures."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["figure", "count"])
        writer.writerows(counts.items())


def main(arguments: list[str]) -> None:
    """Count, show, and write where asked."""
    source = Source(Path(arguments[arguments.index("--of") + 1]) if "--of" in arguments else ROOT)
    shown = table(read(BEFORE), source)
    sys.stdout.write(shown + "\n")
    if "--keep" in arguments:
        store(BEFORE, figures(source))
    if "--write" in arguments:
        put_table(PAGE, "benchmarks.house", shown)
        ceilings = read(CEILINGS)
        store(CEILINGS, {word: min(count, ceilings.get(word, count)) for word, count in participles(source).items()})


if __name__ == "__main__":
    main(sys.argv[1:])
