"""Figures of a sweep: what moves a result, indices of all results at a glance, orders of scenarios that reverse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.outputs import fonts, static
from xiancheng.outputs.headline import bare, unit_column
from xiancheng.sweeps import sensitivity
from xiancheng.sweeps.factors import Factor
from xiancheng.sweeps.indices import SobolIndices
from xiancheng.sweeps.sensitivity import LEVEL, Reversal, Sensitivity, Table
from xiancheng.texts import catalogue, text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TORNADO, HEAT, REVERSALS = "tornado", "heat", "reversals"
_LOW, _HIGH = "#00204d", "#bcaf6f"
"""The dark and a light end of cividis: told apart without colour too."""
_USUAL = "DejaVu Sans"
_DOTS_PER_INCH = 150
_WIDTH = 9.0
_BAR = 0.36
"""Inches of height that a line takes."""
_LONGEST = 46


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def _name(factor: Factor, language: str) -> str:
    return _shortened(factor.title[language] or factor.id)


@contextmanager
def _labels(language: str, words: Sequence[str]) -> Iterator[str]:
    """Set a font that holds every character and yield the language that labels are written in."""
    import matplotlib as mpl

    written, _ = static.language_of_labels(language)
    known = [entry["zh"] for entry in catalogue().values()] if written == "zh" else []
    family = fonts.family_for(fonts.characters_of([*known, *words])) if written == "zh" else None
    if written == "zh" and family is None:
        written = "en"
    families = [family, _USUAL] if family else [_USUAL]
    with mpl.rc_context({"font.family": families, "axes.unicode_minus": False, "font.size": 10}):
        yield written


def save(held: Table, folder: Path, language: str, found: Sensitivity | None) -> list[Path]:
    """Draw all figures that a sweep allows and write them as PNG.

    Args:
        held: the results to show.
        folder: where to; made if need be.
        language: of the labels; English where no font holds the characters.
        found: indices or effects of the same results, None where the design gives none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    words = [factor.title["zh"] for factor in held.design.factors]
    words += [one["zh"] for one in held.store.told["titles"].values()]
    words += [one["name_zh"] for one in held.store.told["areas"]]
    with _labels(language, words) as written:
        for row, name in enumerate(held.asked.indicators):
            for column, area in enumerate(held.asked.areas):
                file = folder / f"{TORNADO}_{name}_{area.replace(':', '_')}_{held.asked.year}.png"
                tornado(held, row, column, written).savefig(file, dpi=_DOTS_PER_INCH)
                files.append(file)
        if found is not None:
            files.append(folder / f"{HEAT}_{held.asked.year}.png")
            heat(held, found, written).savefig(files[-1], dpi=_DOTS_PER_INCH)
        if len(held.design.scenarios) > 1:
            files.append(folder / f"{REVERSALS}_{held.asked.year}.png")
            reversals(held, sensitivity.reversals(held), written).savefig(files[-1], dpi=_DOTS_PER_INCH)
    return files


def _figure(held: Table, lines: int, language: str) -> Figure:
    """Return an empty figure with the footnote that says which list it speaks of and what it was made by."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, 2.1 + _BAR * lines), layout="constrained")
    told = held.store.told
    own = text("figure.area_is", language, label=told["list_label"][language])
    made = text("figure.made_by_design", language, version=told["version"], design=held.design.id)
    note = f"{own}\n{text('result.nature', language)}\n{made}"
    figure.supxlabel(note, fontsize=7, color="#333333", x=0.01, ha="left")
    return figure


def _areas(held: Table, language: str) -> dict[str, str]:
    return {one["area"]: one[f"name_{language}"] for one in held.store.told["areas"]}


def tornado(held: Table, row: int, column: int, language: str) -> Figure:
    """Draw how far each factor moves a result, the widest on top, for the first scenario.

    Args:
        held: the results.
        row: position of the indicator.
        column: position of the area.
        language: of the labels.
    """
    name, area = held.asked.indicators[row], held.asked.areas[column]
    swings = sensitivity.swings(held, 0, row, column)
    order = np.argsort(np.abs(swings[:, 1] - swings[:, 0]))
    middle = float(held.values[held.points, 0, row, column].mean())
    unit = held.store.told["units"][name]
    figure = _figure(held, len(order), language)
    axes = figure.subplots()
    for line, factor in enumerate(order):
        for end, colour in zip(swings[factor], (_LOW, _HIGH), strict=True):
            axes.barh(line, end - middle, left=middle, color=colour, height=0.7)
    axes.axvline(middle, color="#333333", linewidth=0.8)
    axes.set_yticks(range(len(order)), [_name(held.design.factors[one], language) for one in order])
    title, named = held.store.told["titles"][name][language], _areas(held, language)[area]
    axes.set_title(text("figure.tornado", language, title=title, year=held.asked.year, area=named), loc="left")
    axes.set_xlabel(text("figure.tornado_axis", language, unit=unit_column(unit, language)))
    axes.xaxis.set_major_formatter(lambda value, position: bare(value, unit, language))
    axes.tick_params(axis="x", labelrotation=20)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _shares(found: Sensitivity) -> Floats:
    """Return total indices, or effects as shares of the largest effect on each result."""
    if isinstance(found.found, SobolIndices):
        return found.found.total
    largest = found.found.mu_star.max(axis=0)
    return found.found.mu_star / np.where(largest > 0, largest, 1.0)


def heat(held: Table, found: Sensitivity, language: str) -> Figure:
    """Draw the indices of all results, factors downwards.

    Args:
        held: the results.
        found: their indices or effects.
        language: of the labels.
    """
    titles = held.store.told["titles"]
    shares = _shares(found)
    figure = _figure(held, len(found.factors) + 8, language)
    axes = figure.subplots()
    image = axes.imshow(np.clip(shares, 0, 1), aspect="auto", cmap="cividis", vmin=0, vmax=1)
    names, areas = [], _areas(held, language)
    for result in found.results:
        kind = "cli.sensitivity.level" if result.kind == LEVEL else "cli.sensitivity.rank"
        title = _shortened(titles[result.indicator][language])
        names.append(f"{title}, {areas[result.area]}\n{text(kind, language, scenario=result.scenario)}")
    axes.set_xticks(range(len(names)), names, rotation=60, ha="right", fontsize=7)
    axes.set_yticks(range(len(found.factors)), [_name(factor, language) for factor in found.factors])
    for (row, column), share in np.ndenumerate(shares):
        colour = "black" if share > 0.5 else "white"
        axes.text(column, row, f"{share:.2f}", ha="center", va="center", fontsize=7, color=colour)
    kind = "figure.heat" if isinstance(found.found, SobolIndices) else "figure.heat_morris"
    axes.set_title(text(kind, language, year=held.asked.year), loc="left")
    figure.colorbar(image, ax=axes)
    return figure


def order_of(one: Reversal) -> str:
    """Return how two scenarios stand in most points: above, or equal in all."""
    return f"{one.first} {'>' if one.share > 0 else '='} {one.second}"


def reversals(held: Table, found: Sequence[Reversal], language: str) -> Figure:
    """Draw how often the order of each pair of scenarios is not the usual one.

    Args:
        held: the results.
        found: how the pairs stand.
        language: of the labels.
    """
    titles = held.store.told["titles"]
    factors = {factor.id: _name(factor, language) for factor in held.design.factors}
    figure = _figure(held, 2 * len(found), language)
    axes = figure.subplots()
    axes.barh(range(len(found)), [one.below for one in found], color=_LOW, height=0.6)
    areas = _areas(held, language)
    names = [
        f"{_shortened(titles[one.indicator][language])}, {areas[one.area]}\n{order_of(one)}" for one in found
    ]
    axes.set_yticks(range(len(found)), names, fontsize=8)
    for line, one in enumerate(found):
        way = text(f"cli.sensitivity.{'high' if one.high else 'low'}", language)
        always = "figure.never" if one.share > 0 else "figure.tied"
        cause = f"{one.below:.1%} · {factors[one.factor]}: {way}" if one.factor else text(always, language)
        axes.text(one.below, line, f" {cause}", va="center", fontsize=8)
    axes.set_xlim(0, max([0.1, *(one.below * 1.6 for one in found)]))
    axes.xaxis.set_major_formatter(lambda value, position: f"{value:.0%}")
    axes.set_xlabel(text("figure.reversals_axis", language))
    axes.invert_yaxis()
    title = text("figure.reversals", language, year=held.asked.year)
    axes.set_title(title, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    return figure
