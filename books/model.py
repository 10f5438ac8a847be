"""The model book: a page for each sector with every variable, the boundary, the parameters, a list of all names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from books import formulas
from books.words import code, page, plain, table
from xiancheng.cells import split, text
from xiancheng.engine import depends, read
from xiancheng.engine.graph import variable_graph
from xiancheng.model import catalogue
from xiancheng.sketches import pictures
from xiancheng.study import Study
from xiancheng.texts import text as words

_MANY = 12
"""Names beyond which a list is folded."""


@dataclass(frozen=True)
class Book:
    """The equations of a study with what its tables say of them.

    Attributes:
        rows: by id, in the order of the file.
        model: the equations, parsed.
        fed: ids of what feeds a variable, by its id.
        feeding: ids of what it feeds, likewise.
        pictures: of the sectors, by the names of their files.
    """

    rows: Mapping[str, catalogue.Variable]
    model: read.Model
    fed: Mapping[str, list[str]]
    feeding: Mapping[str, list[str]]
    pictures: Mapping[str, str]


def book(study: Study) -> Book:
    """Read the equations and tables of a study.

    Raises:
        StudyError: equations or tables that cannot be read.
    """
    rows = {row.id: row for row in catalogue.read(study)}
    model = read.read(study.equations)
    fed = variable_graph(model, depends.everything)
    feeding: dict[str, list[str]] = {name: [] for name in rows}
    for name, sources in fed.items():
        for source in sources:
            feeding[source].append(name)
    return Book(rows, model, fed, feeding, pictures.drawn(study, "en"))


def pages(study: Study) -> dict[str, str]:
    """Return the pages of the model book by their path.

    Raises:
        StudyError: equations or tables that cannot be read.
    """
    own = book(study)
    made = {f"model/{_file(group)}": _sector(own, group) for group in groups(own)}
    return made | {
        "model/index.md": _index(own), "model/names.md": _names(own), "model/parameters.md": _parameters(own),
        "model/boundary.md": _boundary(own, study),
    }


def groups(own: Book) -> list[str]:
    """Return the sectors in the order of the equations."""
    return list(dict.fromkeys(row.group for row in own.rows.values()))


def _file(group: str) -> str:
    return f"sector_{group.lower().replace(' ', '_')}.md"


def _link(own: Book, name: str) -> str:
    row = own.rows[name]
    return f"[{plain(row.name)}]({_file(row.group)}#{name})"


def _sector(own: Book, group: str) -> str:
    rows = [row for row in own.rows.values() if row.group == group]
    listed = table(("kind", "variables"), [(kind, str(count)) for kind, count in _kinds(rows)])
    return page(group, listed, _diagram(own, group), *(_entry(own, row) for row in rows), wide=True)


def _diagram(own: Book, group: str) -> str:
    """Return the picture of a sector, which leads to itself in full size."""
    file = pictures.file_name(group)
    return f"[![{group}: stocks, flows and causes]({file})]({file})\n\n{_DIAGRAM}" if file in own.pictures else ""


_DIAGRAM = (
    "Boxes are stocks, double lines with a valve are flows, clouds are what lies outside; thin arrows lead from cause "
    "to effect, grey ones to the start of a stock. A grey name in angle brackets stands as itself elsewhere. A dashed "
    "frame holds the many causes of one variable. A round sign is a loop that can be cut there. The same drawing "
    "stands in `model/urbanisation.mdl`, in the form that Vensim reads."
)


def _kinds(rows: Iterable[catalogue.Variable]) -> list[tuple[str, int]]:
    return Counter(words(f"variable.{row.kind}", "en") for row in rows).most_common()


def _entry(own: Book, row: catalogue.Variable) -> str:
    names = {name: other.name for name, other in own.rows.items()}
    facts = table(("", ""), [(label, value) for label, value in _facts(row) if value])
    parts = [f"## {plain(row.name)} {{ #{row.id} }}", plain(row.sentence),
             f'<div class="equation">{formulas.equation(own.model.variables[row.id], names)}</div>', facts,
             _linked(own, "Made from", own.fed[row.id]), _linked(own, "Feeds", own.feeding[row.id]),
             f'??? note "Equation as written, line {row.line}"\n\n' + _block(row.equation)]
    return "\n\n".join(part for part in parts if part)


def _block(equation: str) -> str:
    lines = ["```text", *equation.splitlines(), "```"]
    return "\n".join(f"    {line}" for line in lines)


def _facts(row: catalogue.Variable) -> list[tuple[str, str]]:
    mark = words(f"evidence.{row.evidence}", "en") if row.evidence else ""
    return [
        ("id", code(row.id)), ("unit", plain(row.unit)), ("kind", words(f"variable.{row.kind}", "en")),
        ("by", ", ".join(plain(name.replace("_", " ")) for name in row.dims)),
        ("value", "" if row.value is None else f"{row.value:g}"), ("range", _range(row)),
        ("evidence", mark), ("source", plain(row.source)), ("note", plain(row.note)),
    ]


def _range(row: catalogue.Variable) -> str:
    return " to ".join(f"{end:g}" for end in (row.low, row.high) if end is not None)


def _linked(own: Book, title: str, names: list[str]) -> str:
    links = " · ".join(_link(own, name) for name in names)
    if len(names) > _MANY:
        return f'??? note "{title} {len(names)} variables"\n\n    {links}'
    return f"{title}: {links}" if names else ""


def _index(own: Book) -> str:
    rows = own.rows.values()
    listed = [(f"[{group}]({_file(group)})", str(len(part)), str(sum(row.kind == "stock" for row in part)))
              for group in groups(own) if (part := [row for row in rows if row.group == group])]
    return page(
        "Model book",
        "Every variable of the equations: what it is, its equation, unit, value and range, where the value comes from, "
        "what it is made from and what it feeds. These pages are made from the equations and tables themselves.",
        table(("sector", "variables", "stocks"), listed),
        table(("kind", "variables"), [(kind, str(count)) for kind, count in _kinds(rows)]),
        "[All names](names.md) · [Parameters with their ranges](parameters.md) · [Boundary](boundary.md) · "
        "[STRESS-SD items](../stress_sd.md)",
        _READING,
    )


_READING = """## How to read an equation

- Subscripts stand below a name: *persons* by *place, settlement, sex, age*. A sum runs over the
  subscripts that stand below its sign.
- d/dt is the change in a year. A stock is stepped by Euler's method; *x*(t₀) is its value at the start of a run.
- A quotient in parentheses with *or 0* below it is 0 where the divisor is 0; likewise with another value.
- *smooth*(x, τ) follows x with a delay of τ on the average, in one step; *smooth3* in three.
- *from tables/…* is a figure or a path that stands in a table of the study.
"""


def _names(own: Book) -> str:
    ordered = sorted(own.rows.values(), key=lambda row: row.name.lower())
    listed = [(_link(own, row.id), plain(row.unit), plain(row.sentence)) for row in ordered]
    return page("All variables", f"{len(ordered)} variables, by name.",
                table(("variable", "unit", "what it is"), listed), wide=True)


def _parameters(own: Book) -> str:
    rows = [row for row in own.rows.values() if row.value is not None]
    marks = Counter(words(f"evidence.{row.evidence}", "en") for row in rows).most_common()
    listed = [(_link(own, row.id), f"{row.value:g}", plain(row.unit), _range(row),
               words(f"evidence.{row.evidence}", "en"), plain(row.source)) for row in rows]
    return page(
        "Parameters", f"{len(rows)} constants of one value each, from `model/tables/parameters.csv` and the folders of "
        "levers. Constants by place or by element stand in their sectors.",
        table(("evidence", "constants"), [(mark, str(count)) for mark, count in marks]),
        table(("constant", "value", "unit", "range", "evidence", "source"), listed), wide=True)


def _boundary(own: Book, study: Study) -> str:
    rows = own.rows.values()
    inside = [(f"[{group}]({_file(group)})", " · ".join(_link(own, row.id) for row in rows
               if row.group == group and row.kind == "stock")) for group in groups(own)]
    given = [(_link(own, row.id), plain(row.sentence)) for row in rows if row.kind == "data"]
    return page(
        "Boundary",
        "What the model computes, what it takes as given, and what it leaves out.",
        "## Computed: the stocks of each sector", table(("sector", "stocks"), [row for row in inside if row[1]]),
        "## Taken as given: paths over time from tables", table(("variable", "what it is"), given),
        "Assumptions move some of them: see [assumptions](../catalogue/assumptions.md).",
        "## Left out of the policy text, and why", _left_out(study), wide=True)


def _left_out(study: Study) -> str:
    file = study.scenarios / "not_modelled.csv"
    head, *lines = split(text(file, str(file)), str(file))
    rows = [dict(zip(head, line, strict=True)) for line in lines]
    return table(("article", "clause", "why it is left out", "stands in for it"), [
        (row["article"], plain(row["clause_en"]), plain(row["reason_en"]), plain(row["stands_in"])) for row in rows])
