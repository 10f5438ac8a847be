"""Results on disk: written aside and renamed, never over another file unasked, each with its manifest."""

from __future__ import annotations

import json
import uuid
from codecs import BOM_UTF8
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from xiancheng import whole_files
from xiancheng.errors import Problem, StudyError
from xiancheng.outputs import netcdf, static, tidy
from xiancheng.provenance import versions
from xiancheng.texts import did_you_mean, phrase, phrase_list

if TYPE_CHECKING:
    import xarray as xr

NETCDF, CSV, PNG = ".nc", ".csv", ".png"
SUFFIXES = (NETCDF, CSV, PNG)
SIDECAR = "-metadata.json"
"""What a CSV's description is named by, after its own name (CSV on the Web)."""


def stem(result_id: str, start: int, end: int, usual: tuple[int, int]) -> str:
    """Return the name of a run's files: the scenario, and start and end where they are not the usual ones."""
    first = f"_from_{start}" if start != usual[0] else ""
    last = f"_to_{end}" if end != usual[1] else ""
    return f"{result_id}{first}{last}"


def free_stem(folder: Path, name: str) -> str:
    """Return a name under which no result lies in the folder yet: the name, or the name and a number."""
    taken = {file.name.split(".")[0] for file in folder.glob(f"{name}*") if file.suffix in SUFFIXES}
    number = 2
    chosen = name
    while chosen in taken:
        chosen, number = f"{name}_{number}", number + 1
    return chosen


def same_run(file: Path, result: xr.Dataset) -> bool:
    """Return whether a netCDF file holds the same run on the same equations and data, so that nothing is lost."""
    try:
        before = json.loads(netcdf.header(file)["manifest"]) if file.is_file() else {}
    except (OSError, KeyError, ValueError):
        return False
    keys = ("equations_sha256", "data_sha256", "scenario_sha256", "engine")
    return all(before.get(key) == manifest(result).get(key) for key in keys)


def refuse_taken(file: Path, force: bool) -> None:
    """Stop before anything runs where a file stands already, or cannot be written.

    Raises:
        StudyError: the file exists and force is off, its suffix is unknown, or its folder is missing.
    """
    if file.suffix.lower() not in SUFFIXES:
        hint = did_you_mean(file.suffix, SUFFIXES)
        raise StudyError(Problem(str(file), phrase("file.suffix", suffix=file.suffix), phrase_list(SUFFIXES), hint))
    if not file.parent.is_dir():
        folder = phrase("file.no_folder", folder=str(file.parent))
        raise StudyError(Problem(str(file), folder, phrase("file.folder_exists")))
    if file.is_dir() or (file.exists() and not force):
        raise StudyError(Problem(str(file), phrase("file.taken"), phrase("file.new_name"), phrase("file.force")))


def try_place(file: Path) -> None:
    """Try whether a folder takes files before something long runs for one; nothing is left behind.

    Args:
        file: what is to be written later.

    Raises:
        StudyError: it does not.
    """
    trial = file.with_name(f".{uuid.uuid4().hex}{file.suffix}")
    try:
        trial.write_bytes(b"")
    except OSError as error:
        raise StudyError(whole_files.cannot_write(file)) from error
    finally:
        with suppress(OSError):
            trial.unlink()


def usual() -> tuple[str, ...]:
    """Return the forms in which a run is written; no figure where none can be drawn."""
    return SUFFIXES if static.is_installed() else tuple(suffix for suffix in SUFFIXES if suffix != PNG)


def write(
    result: xr.Dataset, file: Path, *, panels: Sequence[str] = (), language: str = "en",
    bands: xr.Dataset | None = None
) -> list[Path]:
    """Write a result in the form its suffix names.

    Args:
        result: the result.
        file: .nc for all of it, .csv for the long table, .png for the figure.
        panels: indicators of the figure; the first ones of the result when none are named.
        language: of the figure.
        bands: quantiles of the members of the posterior, shown in the figure.

    Returns:
        The files written; a CSV brings its description along.
    """
    writers: dict[str, Callable[[Path], object]] = {
        NETCDF: lambda path: netcdf.write(result, path),
        CSV: lambda path: _write_csv(result, path),
        PNG: lambda path: static.save(result, path, language, panels, bands),
    }
    suffix = file.suffix.lower()
    whole_files.aside(file, writers[suffix])
    if suffix != CSV:
        return [file]
    sidecar = file.with_name(file.name + SIDECAR)
    whole_files.write(sidecar, _description(result, file.name))
    return [file, sidecar]


def write_plain(data: xr.Dataset, file: Path, content: Mapping[str, object]) -> None:
    """Write the run of any model as netCDF.

    Args:
        data: the run as the engine returns it.
        file: where to.
        content: what makes the run repeatable, besides the versions of the programs.
    """
    made = {**content, "versions": versions()}
    header = {"manifest": json.dumps(made, ensure_ascii=False, sort_keys=True)}
    whole_files.aside(file, lambda path: netcdf.write(data.assign_attrs(header), path))


def csv_bytes(result: xr.Dataset) -> bytes:
    """Return the long table as CSV in UTF-8 with byte order mark, which Excel on a Chinese Windows opens."""
    return b"".join((BOM_UTF8, *tidy.written(result)))


def _write_csv(result: xr.Dataset, path: Path) -> None:
    with path.open("wb") as file:
        file.write(BOM_UTF8)
        file.writelines(tidy.written(result))


def bands_bytes(bands: xr.Dataset) -> bytes:
    """Return the bands of the members as CSV in UTF-8 with byte order mark."""
    text: str = tidy.bands_table(bands).to_csv(index=False, lineterminator="\r\n", float_format="%.7g")
    return BOM_UTF8 + text.encode("utf-8")


def write_bands(bands: xr.Dataset, file: Path) -> None:
    """Write the bands of the members as CSV."""
    whole_files.aside(file, lambda path: path.write_bytes(bands_bytes(bands)))


_LABELS = ("scenario", "start", "end", "manifest")
"""What every result says of itself."""


def read(file: Path, names: Collection[str] | None = None) -> xr.Dataset:
    """Read a result written as netCDF.

    Args:
        file: the file.
        names: of the indicators those to read; all when None.

    Raises:
        StudyError: no such file, no result, or one of an earlier layout.
    """
    if not file.is_file():
        raise StudyError(Problem(str(file), phrase("file.none"), phrase("file.result"), phrase("file.run_first")))
    try:
        result = netcdf.read(file, names)
    except (OSError, ValueError, KeyError) as error:
        raise StudyError(Problem(str(file), phrase("file.no_result"), phrase("file.result"))) from error
    if not set(_LABELS) <= set(result.attrs):
        raise StudyError(Problem(str(file), phrase("file.no_result"), phrase("file.result")))
    if any("target" in values.attrs and "target_from" not in values.attrs for values in result.data_vars.values()):
        again = phrase("file.run_again", scenario=str(result.attrs["scenario"]))
        raise StudyError(Problem(str(file), phrase("file.earlier_layout"), phrase("file.result"), again))
    return result


def manifest(result: xr.Dataset) -> dict[str, object]:
    """Return the manifest of a result; empty where it has none."""
    content: dict[str, object] = json.loads(result.attrs.get("manifest", "{}"))
    return content


def _description(result: xr.Dataset, name: str) -> str:
    units = {str(key): str(values.attrs.get("units", "")) for key, values in result.data_vars.items()}
    described = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": name,
        "tableSchema": {"columns": [{"name": column, "titles": column} for column in tidy.COLUMNS]},
        "notes": [
            {key: result.attrs[key] for key in sorted(result.attrs) if key != "manifest"}
            | {"units": units, "manifest": manifest(result)}
        ],
    }
    return json.dumps(described, ensure_ascii=False, indent=1, default=_plain) + "\n"


def _plain(value: object) -> object:
    return value.item() if hasattr(value, "item") else str(value)
