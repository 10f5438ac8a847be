"""One indicator of one result as a figure for papers, drawn by matplotlib: areas or places over the years."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from xiancheng.errors import MissingFont
from xiancheng.outputs import fonts, places
from xiancheng.outputs.headline import axis_scale, years
from xiancheng.texts import phrase, text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMS = (".png", ".svg", ".pdf")
MOST = 8
"""Lines that one figure takes."""
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#666666")
_DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 2, 1, 2)), "-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 2, 1, 2)))
_USUAL = "DejaVu Sans"
_DOTS_PER_INCH = 150


def lines(result: xr.Dataset, indicator: str, elements: Sequence[str], language: str) -> dict[str, xr.DataArray]:
    """Return what is drawn by name: the places asked for, else the list and the province.

    Args:
        result: a result with dims year and place.
        indicator: id; a variable of the equations has places only.
        elements: places, none for the areas.
        language: of the names.
    """
    if elements:
        chosen = result[indicator].sel(place=list(elements))
        return {str(item[f"name_{language}"].item()): item for item in chosen.transpose("place", "year")}
    tables = places.table_of(result, [indicator], (places.LIST, places.PROVINCE))
    at_level = {level: table[indicator].isel(area=0) for level, table in tables.items() if indicator in table}
    return {str(item[f"name_{language}"].item()): item for item in at_level.values()}


def draw(result: xr.Dataset, indicator: str, shown: dict[str, xr.DataArray], language: str) -> Figure:
    """Draw lines over the years.

    Args:
        result: the result, for what stands below.
        indicator: its id.
        shown: values by name of the line.
        language: of the labels.
    """
    from matplotlib.figure import Figure

    about = result[indicator].attrs
    unit = str(about.get("units", ""))
    divisor, words = axis_scale([float(value) for item in shown.values() for value in item.values], unit, language)
    figure = Figure(figsize=(8.0, 4.8), dpi=_DOTS_PER_INCH, layout="constrained")
    axes = figure.subplots()
    for position, (name, values) in enumerate(shown.items()):
        series = (values / divisor).dropna("year")
        if series.sizes["year"]:
            colour = _COLOURS[position % len(_COLOURS)]
            axes.plot(series["year"].values, series.values, color=colour, linestyle=_DASHES[position % len(_DASHES)],
                      linewidth=2)
            axes.annotate(name, (series["year"].values[-1], series.values[-1]), xytext=(5, 0),
                          textcoords="offset points",
                          color=colour, va="center", fontsize=9)
    title = str(about.get(f"title_{language}", indicator))
    axes.set_title(f"{title} ({words})" if words else title, loc="left", fontsize=11)
    axes.set_xticks(years(int(result.attrs["start"]), int(result.attrs["end"])))
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#dddddd", linewidth=0.7)
    if any((values < 0).any() and (values > 0).any() for values in shown.values()):
        axes.axhline(0, color="#333333", linewidth=0.8)
    figure.supxlabel(_below(result, language), fontsize=7.5, color="#333333", x=0.01, ha="left")
    return figure


def _below(result: xr.Dataset, language: str) -> str:
    own = text("figure.area_is", language, label=result.attrs[f"list_label_{language}"])
    version = json.loads(result.attrs.get("manifest", "{}")).get("version", "")
    made = text("figure.made_with", language, version=version, scenario=result.attrs.get("scenario", ""))
    return f"{own}\n{result.attrs[f'nature_{language}']}\n{made}"


def save(
    result: xr.Dataset, indicator: str, shown: dict[str, xr.DataArray], file: Path, language: str
) -> None:
    """Draw lines over the years and write the figure in the form that the suffix names.

    Args:
        result: the result.
        indicator: its id.
        shown: values by name of the line.
        file: of FORMS.
        language: of the labels.

    Raises:
        MissingFont: no font holds the letters.
    """
    import matplotlib as mpl

    about = result[indicator].attrs
    sentences = [*shown, str(about.get(f"title_{language}", indicator)), _below(result, language)]
    letters = fonts.characters_of(letter for words in sentences for letter in words if not letter.isascii())
    family = fonts.family_for(letters) if letters else None
    if letters and family is None and language == "zh":
        raise MissingFont(phrase("plot.no_font"))
    families = [family, _USUAL] if family else [_USUAL]
    options: Any = {"font.family": families, "axes.unicode_minus": False, "svg.fonttype": "path", "pdf.fonttype": 42}
    with mpl.rc_context(options):
        draw(result, indicator, shown, language).savefig(file, format=file.suffix[1:].lower())


def is_empty(shown: dict[str, xr.DataArray]) -> bool:
    """Tell whether there is nothing to draw."""
    return not any(np.isfinite(values.values).any() for values in shown.values())


__all__ = ["FORMS", "MOST", "draw", "is_empty", "lines", "save"]
