"""Figures of a sweep: what moves a result, indices of all results at a glance, orders of scenarios that reverse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.errors import optional
from xiancheng.outputs import fonts, static
from xiancheng.outputs.headline import bare, unit_column
from xiancheng.sweeps import sensitivity
from xiancheng.sweeps.factors import Factor
from xiancheng.sweeps.indices import SobolIndices
from xiancheng.sweeps.sensitivity import LEVEL, ResultTable, Reversal, Sensitivity
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
    with optional(*fonts.PLOTS):
        import matplotlib as mpl

    written, _ = static.language_of_labels(language)
    texts = [entry["zh"] for entry in catalogue().values()] if written == "zh" else []
    family = fonts.family_for(fonts.characters_of([*texts, *words])) if written == "zh" else None
    if written == "zh" and family is None:
        written = "en"
    families = [family, _USUAL] if family else [_USUAL]
    with mpl.rc_context({"font.family": families, "axes.unicode_minus": False, "font.size": 10}):
        yield written


def save(table: ResultTable, folder: Path, language: str, result: Sensitivity | None) -> list[Path]:
    """Draw all figures that a sweep allows and write them as PNG.

    Args:
        table: the results to show.
        folder: where to; made if need be.
        language: of the labels; English where no font holds the characters.
        result: indices or effects of the same results, None where the design gives none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    words = [factor.title["zh"] for factor in table.design.factors]
    words += [entry["zh"] for entry in table.store.manifest["titles"].values()]
    words += [entry["name_zh"] for entry in table.store.manifest["areas"]]
    with _labels(language, words) as written:
        for row, name in enumerate(table.selection.indicators):
            for column, area in enumerate(table.selection.areas):
                file = folder / f"{TORNADO}_{name}_{area.replace(':', '_')}_{table.selection.year}.png"
                tornado(table, row, column, written).savefig(file, dpi=_DOTS_PER_INCH)
                files.append(file)
        if result is not None:
            files.append(folder / f"{HEAT}_{table.selection.year}.png")
            heat(table, result, written).savefig(files[-1], dpi=_DOTS_PER_INCH)
        if len(table.design.scenarios) > 1:
            files.append(folder / f"{REVERSALS}_{table.selection.year}.png")
            reversals(table, sensitivity.reversals(table), written).savefig(files[-1], dpi=_DOTS_PER_INCH)
    return files


def _figure(table: ResultTable, lines: int, language: str) -> Figure:
    """Return an empty figure with the footnote that says which list it speaks of and what it was made by."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, 2.1 + _BAR * lines), layout="constrained")
    manifest = table.store.manifest
    own = text("figure.area_is", language, label=manifest["list_label"][language])
    made = text("figure.made_by_design", language, version=manifest["version"], design=table.design.id)
    note = f"{own}\n{text('result.nature', language)}\n{made}"
    figure.supxlabel(note, fontsize=7, color="#333333", x=0.01, ha="left")
    return figure


def _areas(table: ResultTable, language: str) -> dict[str, str]:
    return {area["area"]: area[f"name_{language}"] for area in table.store.manifest["areas"]}


def tornado(table: ResultTable, row: int, column: int, language: str) -> Figure:
    """Draw how far each factor moves a result, the widest on top, for the first scenario.

    Args:
        table: the results.
        row: position of the indicator.
        column: position of the area.
        language: of the labels.
    """
    name, area = table.selection.indicators[row], table.selection.areas[column]
    swings = sensitivity.swings(table, 0, row, column)
    order = np.argsort(np.abs(swings[:, 1] - swings[:, 0]))
    middle = float(table.values[table.points, 0, row, column].mean())
    unit = table.store.manifest["units"][name]
    figure = _figure(table, len(order), language)
    axes = figure.subplots()
    for line, factor in enumerate(order):
        for end, colour in zip(swings[factor], (_LOW, _HIGH), strict=True):
            axes.barh(line, end - middle, left=middle, color=colour, height=0.7)
    axes.axvline(middle, color="#333333", linewidth=0.8)
    axes.set_yticks(range(len(order)), [_name(table.design.factors[number], language) for number in order])
    title, named = table.store.manifest["titles"][name][language], _areas(table, language)[area]
    axes.set_title(text("figure.tornado", language, title=title, year=table.selection.year, area=named), loc="left")
    axes.set_xlabel(text("figure.tornado_axis", language, unit=unit_column(unit, language)))
    axes.xaxis.set_major_formatter(lambda value, position: bare(value, unit, language))
    axes.tick_params(axis="x", labelrotation=20)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _shares(result: Sensitivity) -> Floats:
    """Return total indices, or effects as shares of the largest effect on each result."""
    if isinstance(result.values, SobolIndices):
        return result.values.total
    largest = result.values.mu_star.max(axis=0)
    return result.values.mu_star / np.where(largest > 0, largest, 1.0)


def heat(table: ResultTable, result: Sensitivity, language: str) -> Figure:
    """Draw the indices of all results, factors downwards.

    Args:
        table: the results.
        result: their indices or effects.
        language: of the labels.
    """
    titles = table.store.manifest["titles"]
    shares = _shares(result)
    figure = _figure(table, len(result.factors) + 8, language)
    axes = figure.subplots()
    image = axes.imshow(np.clip(shares, 0, 1), aspect="auto", cmap="cividis", vmin=0, vmax=1)
    names, areas = [], _areas(table, language)
    for measure in result.results:
        kind = "cli.sensitivity.level" if measure.kind == LEVEL else "cli.sensitivity.rank"
        title = _shortened(titles[measure.indicator][language])
        names.append(f"{title}, {areas[measure.area]}\n{text(kind, language, scenario=measure.scenario)}")
    axes.set_xticks(range(len(names)), names, rotation=60, ha="right", fontsize=7)
    axes.set_yticks(range(len(result.factors)), [_name(factor, language) for factor in result.factors])
    for (row, column), share in np.ndenumerate(shares):
        colour = "black" if share > 0.5 else "white"
        axes.text(column, row, f"{share:.2f}", ha="center", va="center", fontsize=7, color=colour)
    kind = "figure.heat" if isinstance(result.values, SobolIndices) else "figure.heat_morris"
    axes.set_title(text(kind, language, year=table.selection.year), loc="left")
    figure.colorbar(image, ax=axes)
    return figure


def order_of(reversal: Reversal) -> str:
    """Return how two scenarios stand in most points: above, or equal in all."""
    return f"{reversal.first} {'>' if reversal.share > 0 else '='} {reversal.second}"


def reversals(table: ResultTable, pairs: Sequence[Reversal], language: str) -> Figure:
    """Draw how often the order of each pair of scenarios is not the usual one.

    Args:
        table: the results.
        pairs: how the pairs stand.
        language: of the labels.
    """
    titles = table.store.manifest["titles"]
    factors = {factor.id: _name(factor, language) for factor in table.design.factors}
    figure = _figure(table, 2 * len(pairs), language)
    axes = figure.subplots()
    axes.barh(range(len(pairs)), [pair.below for pair in pairs], color=_LOW, height=0.6)
    areas = _areas(table, language)
    names = [
        f"{_shortened(titles[pair.indicator][language])}, {areas[pair.area]}\n{order_of(pair)}" for pair in pairs
    ]
    axes.set_yticks(range(len(pairs)), names, fontsize=8)
    for line, pair in enumerate(pairs):
        way = text(f"cli.sensitivity.{'high' if pair.high else 'low'}", language)
        always = "figure.never" if pair.share > 0 else "figure.tied"
        cause = f"{pair.below:.1%} · {factors[pair.factor]}: {way}" if pair.factor else text(always, language)
        axes.text(pair.below, line, f" {cause}", va="center", fontsize=8)
    axes.set_xlim(0, max([0.1, *(pair.below * 1.6 for pair in pairs)]))
    axes.xaxis.set_major_formatter(lambda value, position: f"{value:.0%}")
    axes.set_xlabel(text("figure.reversals_axis", language))
    axes.invert_yaxis()
    title = text("figure.reversals", language, year=table.selection.year)
    axes.set_title(title, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    return figure
