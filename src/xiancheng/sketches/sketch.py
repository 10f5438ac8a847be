"""The sketch of a study: made from its equations, kept behind them, held against them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xiancheng import whole_files
from xiancheng.engine import read as reader
from xiancheng.engine.depends import everything
from xiancheng.engine.read import Model
from xiancheng.engine.source import decode, key
from xiancheng.errors import Problem, StudyError
from xiancheng.outputs import loops
from xiancheng.sketches import reading, shapes, vensim
from xiancheng.sketches.views import View, views
from xiancheng.study import Study
from xiancheng.texts import phrase_list

_MOST = 6
"""Names that a message lists."""
_VARIABLES = (shapes.WORD, shapes.STOCK, shapes.FLOW)


def drawn(study: Study) -> list[View]:
    """Return the views that stand behind the equations of a study, none for a study without a sketch.

    Raises:
        StudyError: lines of the sketch that cannot be read.
    """
    return reading.read(decode(study.equations), str(study.equations))


def build(study: Study) -> bool:
    """Lay out the equations of a study and write the sketch behind them; tell whether the file changed.

    Raises:
        StudyError: equations that cannot be read.
    """
    text = decode(study.equations)
    switches = {key(loop.switch): loop.id for loop in loops.read(study)}
    equations, _, settings = vensim.split(text)
    laid = vensim.written(views(reader.read(study.equations), switches))
    renewed = equations + laid + settings.removeprefix(vensim.END).lstrip("\n")
    if renewed == text:
        return False
    whole_files.write(study.equations, renewed)
    return True


def renew(study: Study) -> bool:
    """Write the sketch of a study anew where it has one that is older than the equations; tell whether it did.

    Raises:
        StudyError: equations that cannot be read.
    """
    try:
        check(study)
    except StudyError:
        return build(study)
    return False


def check(study: Study) -> None:
    """Hold the sketch of a study against its equations; positions are free, and a study without a sketch is right.

    Raises:
        StudyError: variables that are missing, shown twice or unknown, causes that are not those of the equations.
    """
    if not (sheets := drawn(study)):
        return
    file, model = str(study.equations), reader.read(study.equations)
    by_name = {sheet.name: sheet for sheet in sheets}
    groups = dict.fromkeys(variable.group for variable in model.variables.values())
    problems = [Problem.of(file, "sketch.view", view=name) for name in groups if name not in by_name]
    for sheet in sheets:
        problems += _differences(model, sheet, file)
    if problems:
        raise StudyError(problems)


def _differences(model: Model, view: View, file: str) -> list[Problem]:
    own = [key(shape.name) for shape in view.shapes if shape.kind in _VARIABLES and not shape.ghost]
    ghosts = {key(shape.name) for shape in view.shapes if shape.ghost} - {"time"}
    all_own = {variable.key for variable in model.variables.values() if variable.group == view.name}
    shown = causes(view)
    findings: Mapping[str, Iterable[str]] = {
        "sketch.missing": [name for name in all_own if name not in own],
        "sketch.twice": {name for name in own if own.count(name) > 1},
        "sketch.unknown": [name for name in (*own, *ghosts) if name not in model.variables],
        "sketch.elsewhere": [name for name in own if name in model.variables and name not in all_own],
        "sketch.causes": [name for name in own if name in all_own and shown.get(name, set()) != _real(model, name)],
    }
    return [Problem.of(file, text, view=view.name, names=_names(model, names))
            for text, names in findings.items() if names]


def _real(model: Model, name: str) -> set[str]:
    """Return the keys of what the equations of a variable look at, itself left out."""
    nodes = (part.node for part in model.variables[name].components)
    keys = {key(reference.name) for node in nodes for reference in everything(node)}
    return {cause for cause in keys if cause in model.variables or cause == "time"} - {name}


def causes(view: View) -> dict[str, set[str]]:
    """Return the causes of each variable that is shown as itself, as the arrows and pipes of a view tell them."""
    into: dict[int, set[int]] = {}
    for arrow in view.arrows:
        into.setdefault(arrow.end, set()).add(arrow.start)
    return {key(shape.name): _keys(view, place, into) - {key(shape.name)} for place, shape in enumerate(view.shapes)
            if shape.kind in _VARIABLES and not shape.ghost}


def _keys(view: View, place: int, into: Mapping[int, set[int]]) -> set[str]:
    """Return the keys of what leads to a shape: what leads to a valve without a name leads to what the valve fills."""
    ends = [place - 1, place] if view.shapes[place].kind == shapes.FLOW else [place]
    keys: set[str] = set()
    for source in {source for end in ends for source in into.get(end, ())}:
        shape = view.shapes[source]
        if shape.kind == shapes.VALVE:
            flow = next(iter(view.shapes[source + 1 : source + 2]), shape)
            keys |= {key(flow.name)} if flow.kind == shapes.FLOW else _keys(view, source, into)
        elif shape.kind in _VARIABLES:
            keys.add(key(shape.name))
    return keys


def _names(model: Model, names: Iterable[str]) -> str:
    """Return the names of variables by their keys as part of a sentence, the first of many."""
    listed: Sequence[str] = [model.variables[name].name if name in model.variables else name for name in names]
    return phrase_list([*listed[:_MOST], *(["…"] if len(listed) > _MOST else [])])
