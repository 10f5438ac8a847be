"""The figure of a run: four indicators of the listed places and the province."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from xiancheng.engine import keeping
from xiancheng.errors import optional
from xiancheng.outputs import again, fonts, places
from xiancheng.outputs.fonts import PLOTS
from xiancheng.outputs.headline import axis_scale, years
from xiancheng.outputs.indicators import SUM
from xiancheng.texts import Phrase, catalogue, phrase, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LIST_COLOUR = "#0072B2"
PROVINCE_COLOUR = "#D55E00"
_USUAL = "DejaVu Sans"
_KIND = "figures"
_INK = "#333333"
_SIZE = (10.0, 7.2)
_DOTS_PER_INCH = 150
_MARGINS = {"left": 0.055, "right": 0.915, "top": 0.885, "bottom": 0.155, "wspace": 0.29, "hspace": 0.3}
"""Where the panels stand [share of the figure]; a layout that measures all words takes a third of the drawing."""


PANELS = 4
"""How many indicators the figure holds."""


def language_of_labels(language: str) -> tuple[str, str | None]:
    """Return the language that labels can be written in, and a font family for it.

    Chinese needs a font that holds every letter of the project's texts; without one labels are English. Signs that only
    the screen shows, such as a cross, are no letters.
    """
    if language != "zh":
        return "en", None
    characters = fonts.characters_of(words["zh"] for words in catalogue().values())
    family = fonts.family_for("".join(character for character in characters if character.isalpha()))
    return ("zh", family) if family else ("en", None)


def is_installed() -> bool:
    """Tell whether figures can be drawn here."""
    return find_spec(PLOTS[1]) is not None


def note_on_fonts(language: str) -> Phrase | None:
    """Return the sentence that says why a Chinese figure has English labels, or None."""
    written, _ = language_of_labels(language)
    return None if written == language else phrase("figure.no_font")


def save(
    result: xr.Dataset, file: Path, language: str, panels: Sequence[str] = (), bands: xr.Dataset | None = None
) -> None:
    """Write the figure of a result as PNG, with the bands of its members if there are any; drawn once, it is kept."""
    written, family = language_of_labels(language)
    title, family = _title(result, written, family)
    names = _shown(result, panels)
    name = _digest(result, names, (written, title, family), bands)
    content = keeping.get(name, _KIND)
    if content is None:
        content = _drawn(result, written, title, family, names, bands)
        keeping.put(name, content, _KIND)
    file.write_bytes(content)


def _drawn(
    result: xr.Dataset, language: str, title: str, family: str | None, panels: Sequence[str], bands: xr.Dataset | None
) -> bytes:
    with optional(*PLOTS):
        import matplotlib as mpl  # heavy, and only needed where nothing is kept

    families = [family, _USUAL] if family else [_USUAL]
    content = io.BytesIO()
    with mpl.rc_context():
        mpl.rcdefaults()  # what a file of settings of this machine says would come with the figure that is kept
        mpl.rcParams.update({"font.family": families, "axes.unicode_minus": False, "font.size": 10})
        draw(result, language, title, panels, bands).savefig(content, format="png", metadata=_metadata(result))
    return content.getvalue()


def _digest(
    result: xr.Dataset, names: Sequence[str], words: Sequence[str | None], bands: xr.Dataset | None
) -> str:
    """Return a digest of all that a figure follows from."""
    tables = places.table_of(result, names, (places.LIST, places.PROVINCE))
    drawn = [data.to_dict() for data in (*tables.values(), *([] if bands is None else [bands]))]
    parts = [keeping.maker(), again.program(), version("matplotlib"), names, words, drawn, result.attrs]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, default=str).encode()).hexdigest()


def _title(result: xr.Dataset, language: str, family: str | None) -> tuple[str, str | None]:
    """Return the title and a font that holds it; a title that none holds gives way to the id of the scenario."""
    title = str(result.attrs[f"title_{language}"])
    strange = fonts.characters_of(letter for letter in title if not letter.isascii())
    if family is None and strange:
        family = fonts.family_for(strange)
        return (title if family else str(result.attrs["scenario"])), family
    return title, family


def draw(
    result: xr.Dataset, language: str, title: str, panels: Sequence[str] = (), bands: xr.Dataset | None = None
) -> Figure:
    """Draw the figure.

    Args:
        result: a result.
        language: of the labels.
        title: what stands above.
        panels: its indicators; the first ones of the result when none are named, PANELS of them at most.
        bands: quantiles of the members by area, dims quantile, year and area.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE, dpi=_DOTS_PER_INCH)
    figure.subplots_adjust(**_MARGINS)
    names = _shown(result, panels)
    tables = places.table_of(result, names, (places.LIST, places.PROVINCE))
    first, last = int(result.attrs["start"]), int(result.attrs["end"])
    for axes, name in zip_longest(figure.subplots(2, 2).flat, names):
        _panel(axes, name, tables, language, None if bands is None else bands.get(name))
        axes.set_xlim(first - 0.3, last + 0.3)
        axes.set_xticks(years(first, last))
    figure.suptitle(title, fontsize=14, x=0.01, ha="left")
    note = _footnote(result, language)
    if bands is not None:
        note = f"{text(_bands_key(bands), language, count=bands.attrs['members'])}\n{note}"
    figure.supxlabel(note, fontsize=8, color=_INK, x=0.01, ha="left")
    return figure


def _shown(result: xr.Dataset, panels: Sequence[str]) -> list[str]:
    return [str(name) for name in panels or result.data_vars if name in result][:PANELS]


def _panel(
    axes: Axes, name: str | None, tables: dict[str, xr.Dataset], language: str, bands: xr.DataArray | None
) -> None:
    """Draw an indicator; the province beside the list where both are of one size, as sums are not."""
    areas = {area: table[name].isel(area=0) for area, table in tables.items() if name in table}
    if places.LIST in areas and areas[places.LIST].attrs.get("aggregation") == SUM:
        areas = {places.LIST: areas[places.LIST]}
    axes.set_visible(bool(areas))
    heights = [float(value) for values in areas.values() for value in values.values]
    unit = str(next((values.attrs["units"] for values in areas.values()), ""))
    divisor, words = axis_scale(heights, unit, language)
    for area, values in areas.items():
        _line(axes, (values / divisor).dropna("year"), area, text(f"figure.area_{area}", language))
        axes.set_title(f"{values.attrs[f'title_{language}']} ({words})", loc="left", fontsize=10.5, y=1.0)
        if bands is not None and area in bands["area"].values:
            _shade(axes, (bands.sel(area=area) / divisor).dropna("year"), area)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#dddddd", linewidth=0.7)
    axes.margins(y=0.12)
    if min(heights, default=0.0) < 0:
        axes.axhline(0, color=_INK, linewidth=0.8)


def _shade(axes: Axes, values: xr.DataArray, area: str) -> None:
    """Shade what lies between the lowest and the highest quantile of the members (quantile, year)."""
    colour = LIST_COLOUR if area == places.LIST else PROVINCE_COLOUR
    low, high = values.isel(quantile=0).values, values.isel(quantile=-1).values
    axes.fill_between(values["year"].values, low, high, color=colour, alpha=0.2, linewidth=0)


def _line(axes: Axes, values: xr.DataArray, area: str, name: str) -> None:
    if values.sizes["year"] == 0:
        return
    is_list = area == places.LIST
    colour, dashes = (LIST_COLOUR, "-") if is_list else (PROVINCE_COLOUR, (0, (5, 2)))
    years, heights = values["year"].values, values.values
    axes.plot(years, heights, color=colour, linestyle=dashes, linewidth=2)
    end: Any = (years[-1], heights[-1])
    axes.annotate(name, end, xytext=(5, 0), textcoords="offset points", color=colour, va="center", fontsize=9)


def _footnote(result: xr.Dataset, language: str) -> str:
    own = text("figure.area_is", language, label=result.attrs[f"list_label_{language}"])
    own_version = json.loads(result.attrs.get("manifest", "{}")).get("version", "")
    last = text("figure.made_with", language, version=own_version, scenario=result.attrs.get("scenario", ""))
    return f"{own}\n{result.attrs[f'nature_{language}']}\n{last}"


def _metadata(result: xr.Dataset) -> dict[str, str]:
    return {
        "Title": str(result.attrs.get("title_en", "")),
        "Software": "xiancheng",
        "Description": json.dumps({"manifest": json.loads(result.attrs.get("manifest", "{}"))}),
    }


def _bands_key(bands: xr.Dataset) -> str:
    """Return the key of the text that says what the bands hold."""
    return "figure.bands.whole" if bands.attrs.get("kind") == "whole" else "figure.bands"
