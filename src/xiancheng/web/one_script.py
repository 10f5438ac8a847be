"""The modules of the page as one classic script: a browser loads no module from a folder, only from a server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from graphlib import TopologicalSorter

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w.]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b", re.MULTILINE)


def one_script(modules: Mapping[str, str], first: str) -> str:
    """Return a script that does what a module and all that it imports do.

    Args:
        modules: their text by file name; imports name what they take, exports stand at what they hand on.
        first: the module that begins.

    Raises:
        ValueError: a module imports or exports in another form, or two import each other.
    """
    needs: dict[str, set[str]] = {}
    waiting = [first]
    while waiting:
        name = waiting.pop()
        if name not in needs:
            needs[name] = {file for _, file in _IMPORT.findall(modules[name])}
            waiting += needs[name]
    parts = [_wrapped(name, modules[name]) for name in TopologicalSorter(needs).static_order()]
    return "\n".join(["(() => {", '"use strict";', "const modules = {};", *parts, "})();", ""])


def _wrapped(name: str, text: str) -> str:
    """Return a module as a function of its own that is called at once and hands on what it exports."""
    body = _IMPORT.sub(lambda match: f"const {{{match[1].replace(' as ', ': ')}}} = modules[\"{match[2]}\"];", text)
    names = [match[1] for match in _EXPORT.findall(body)]
    body = _EXPORT.sub(r"\1", body)
    if _LEFT.search(body):
        raise ValueError(f"{name} imports or exports in a form that is not read")
    return f'modules["{name}"] = (() => {{\n{body}\nreturn {{{", ".join(names)}}};\n}})();'
