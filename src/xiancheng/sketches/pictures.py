"""A view as SVG: what Vensim shows of the same lines."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from xml.sax.saxutils import escape

from xiancheng import whole_files
from xiancheng.errors import StudyError
from xiancheng.sketches import shapes, sketch
from xiancheng.sketches.shapes import INITIAL, INTO, OUT_OF, Arrow, Shape, lines
from xiancheng.sketches.views import View
from xiancheng.study import Study
from xiancheng.texts import text

_SPACE = "http://www.w3.org/2000/svg"
_EDGE = 30
_INK, _FAINT, _PIPE, _PAPER = "#1a1a1a", "#6b6b6b", "#3d5a80", "#ffffff"
_LINKS = {"link": "#2f6f9f", INITIAL: "#9a9a9a"}
_STYLE = "font-family:Arial,Helvetica,'DejaVu Sans',sans-serif;font-size:11px;text-anchor:middle"
_SCALE = 14
"""Height of a line of words [px]."""


def file_name(view: str) -> str:
    """Return the name of the picture of a view."""
    return f"sector_{view.lower().replace(' ', '_')}.svg"


def drawn(study: Study, language: str) -> dict[str, str]:
    """Return the pictures of the sketch of a study by the names of their files.

    Args:
        study: the study.
        language: "zh" or "en", of the titles.

    Raises:
        StudyError: lines of the sketch that cannot be read.
    """
    views = sketch.drawn(study)
    return {file_name(view.name): svg(view, text("sketch.title", language, view=view.name)) for view in views}


def save(study: Study, folder: Path, language: str) -> list[Path]:
    """Write the pictures of the sketch of a study into a folder and return their files.

    Raises:
        StudyError: lines of the sketch that cannot be read, a folder that cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudyError(whole_files.cannot_write(folder)) from error
    written = []
    for name, picture in drawn(study, language).items():
        written.append(folder / name)
        whole_files.aside(written[-1], partial(_write, picture))
    return written


def _write(picture: str, path: Path) -> None:
    path.write_text(picture, encoding="utf-8")


def svg(view: View, title: str) -> str:
    """Return a view as the text of an SVG file.

    Args:
        view: the view.
        title: what a reader who does not see it is told.
    """
    wide = max((shape.x + shape.w for shape in view.shapes), default=0) + _EDGE
    high = max((shape.y + shape.h for shape in view.shapes), default=0) + _EDGE
    head = (f'<svg xmlns="{_SPACE}" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
            f'role="img" style="{_STYLE}"><title>{escape(title)}</title>')
    markers = "".join(_marker(kind, colour) for kind, colour in _LINKS.items())
    shown = [arrow for arrow in view.arrows if not arrow.hidden]
    parts = [f"<defs>{markers}</defs>", f'<rect width="{wide}" height="{high}" fill="{_PAPER}"/>']
    parts += [_frame(shape) for shape in view.shapes if shape.kind == shapes.FRAME]
    parts += [_pipe(view, arrow) for arrow in shown if arrow.kind in (INTO, OUT_OF)]
    parts += [_link(view, arrow) for arrow in shown if arrow.kind not in (INTO, OUT_OF)]
    parts += [part for shape in view.shapes for part in _drawn(shape)]
    return "\n".join([head, *parts, "</svg>"]) + "\n"


def _marker(kind: str, colour: str) -> str:
    return (f'<marker id="{kind}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
            f'<path d="M0 0L8 4L0 8z" fill="{colour}"/></marker>')


def ends(first: Shape, last: Shape) -> tuple[float, float, float, float]:
    """Return where a straight line between the middles of two shapes leaves the one and meets the other [px]."""
    x, y = _edge(first, last.x - first.x, last.y - first.y)
    u, v = _edge(last, first.x - last.x, first.y - last.y)
    return x, y, u, v


def _edge(shape: Shape, dx: float, dy: float) -> tuple[float, float]:
    reach = min(shape.w / abs(dx) if dx else 1e9, shape.h / abs(dy) if dy else 1e9, 1.0)
    return shape.x + dx * reach, shape.y + dy * reach


def _link(view: View, arrow: Arrow) -> str:
    x, y, u, v = ends(view.shapes[arrow.start], view.shapes[arrow.end])
    return (f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{u:.1f}" y2="{v:.1f}" stroke="{_LINKS[arrow.kind]}" '
            f'marker-end="url(#{arrow.kind})"/>')


def pipe(view: View, arrow: Arrow) -> tuple[float, float, float, float]:
    """Return the ends of a pipe, which is level with its valve [px]."""
    valve, end = view.shapes[arrow.start], view.shapes[arrow.end]
    side = 1 if end.x > valve.x else -1
    return valve.x + side * valve.w, valve.y, end.x - side * end.w, valve.y


def _pipe(view: View, arrow: Arrow) -> str:
    x, y, u, v = pipe(view, arrow)
    side = 1 if u > x else -1
    tip = f'<path d="M{u - 9 * side:.0f} {v - 6}L{u:.0f} {v}L{u - 9 * side:.0f} {v + 6}z" fill="{_PIPE}"/>'
    stop = u - 8 * side if arrow.kind == INTO else u
    return (f'<path d="M{x:.0f} {y - 2}H{stop:.0f}M{x:.0f} {y + 2}H{stop:.0f}" stroke="{_PIPE}" fill="none"/>'
            + (tip if arrow.kind == INTO else ""))


def _frame(shape: Shape) -> str:
    return _box(shape, f'fill="#f7f7f7" stroke="{_FAINT}" stroke-dasharray="4 3"')


def _box(shape: Shape, style: str) -> str:
    return (f'<rect x="{shape.x - shape.w}" y="{shape.y - shape.h}" width="{2 * shape.w}" height="{2 * shape.h}" '
            f'{style}/>')


def _drawn(shape: Shape) -> Iterator[str]:
    """Yield what is drawn of a shape that is no frame."""
    if shape.kind == shapes.STOCK:
        yield _box(shape, f'fill="#eef3f8" stroke="{_INK}" stroke-width="1.4"')
    if shape.kind == shapes.VALVE:
        x, y, w, h = shape.x, shape.y, shape.w, shape.h
        yield f'<path d="M{x - w} {y - h}L{x + w} {y + h}V{y - h}L{x - w} {y + h}z" fill="{_PAPER}" stroke="{_PIPE}"/>'
    if shape.kind == shapes.CLOUD:
        yield _cloud(shape)
    if shape.kind == shapes.LOOP:
        yield f'<circle cx="{shape.x}" cy="{shape.y}" r="{shape.w}" fill="#fff4d6" stroke="#b8860b"/>'
    if shape.name:
        yield _words(shape)


def _cloud(shape: Shape) -> str:
    parts = ((-5, 1, 5), (0, -3, 5), (5, 1, 5))
    return "".join(f'<circle cx="{shape.x + x}" cy="{shape.y + y}" r="{r}" fill="{_PAPER}" stroke="{_PIPE}"/>'
                   for x, y, r in parts)


def _words(shape: Shape) -> str:
    parts = lines(f"<{shape.name}>" if shape.ghost else shape.name)
    first = shape.y + 4 - _SCALE * (len(parts) - 1) / 2
    spans = "".join(f'<tspan x="{shape.x}" y="{first + _SCALE * place:.0f}">{escape(part)}</tspan>'
                    for place, part in enumerate(parts))
    weight = ' font-weight="bold"' if shape.kind in (shapes.STOCK, shapes.LOOP) else ""
    return f'<text fill="{_FAINT if shape.ghost else _INK}"{weight}>{spans}</text>'
