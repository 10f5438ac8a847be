"""The report of a comparison in four forms: one document, written as HTML, Word, Excel or PDF."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from xiancheng import whole_files
from xiancheng.comparison.report import letters
from xiancheng.errors import MissingPart, Problem, StudyError
from xiancheng.outputs import files
from xiancheng.texts import did_you_mean, phrase, phrase_list

if TYPE_CHECKING:
    from xiancheng.comparison.comparison import Comparison
    from xiancheng.comparison.report.document import Report

FORMS = {".html": "html", ".docx": "word", ".xlsx": "excel", ".pdf": "pdf"}
"""Module that writes each form, by suffix."""
LENGTHS = ("short", "full")
"""What a meeting reads, or everything."""
_NEEDS = {
    ".html": (("vl_convert", "vl-convert-python"),),
    ".docx": (("docx", "python-docx"), ("vl_convert", "vl-convert-python")),
    ".xlsx": (("xlsxwriter", "XlsxWriter"),),
    ".pdf": (("fpdf", "fpdf2"), ("vl_convert", "vl-convert-python")),
}
_DRAWS_LETTERS = (".docx", ".pdf")
"""Forms whose letters, or those of their pictures, are drawn here: they take a font of this machine."""


def refuse(file: Path, language: str, *, force: bool = False, length: str = "full") -> None:
    """Stop before anything runs where a report could not be written.

    Args:
        file: where it is to go.
        language: "zh" or "en".
        force: whether a file that stands there gives way.
        length: how long it is to be.

    Raises:
        StudyError: an unknown length or suffix, no such folder, or a file that stands there.
        MissingPart: a library or a font that the form needs is not there.
    """
    if length not in LENGTHS:
        hint = did_you_mean(length, LENGTHS)
        raise StudyError(Problem("--length", phrase("report.length", length=length), phrase_list(LENGTHS), hint))
    suffix = file.suffix.lower()
    if suffix not in FORMS:
        hint = did_you_mean(suffix, FORMS)
        raise StudyError(Problem(str(file), phrase("file.suffix", suffix=file.suffix), phrase_list(FORMS), hint))
    if not file.parent.is_dir():
        folder = phrase("file.no_folder", folder=str(file.parent))
        raise StudyError(Problem(str(file), folder, phrase("file.folder_exists")))
    if file.is_dir() or (file.exists() and not force):
        raise StudyError(Problem(str(file), phrase("file.taken"), phrase("file.new_name"), phrase("file.force")))
    for module, package in _NEEDS[suffix]:
        if find_spec(module) is None:
            raise MissingPart("report", package)
    if suffix in _DRAWS_LETTERS:
        letters.font(letters.SAMPLE)
    files.try_place(file)


def write(
    comparison: Comparison, file: Path, language: str, *, force: bool = False, length: str = "full"
) -> Path:
    """Write the report of a comparison in the form that the suffix names.

    Args:
        comparison: the comparison.
        file: .html, .docx, .xlsx or .pdf.
        language: "zh" or "en".
        force: whether a file that stands there gives way.
        length: "short" for what a meeting reads, "full" for everything.

    Raises:
        StudyError: as of refuse, another length, or the place is full.
        MissingPart: as of refuse.
    """
    from xiancheng.comparison.report import whole

    refuse(file, language, force=force, length=length)
    return write_page(whole.report(comparison, language, length), file, language, force=force)


def write_page(report: Report, file: Path, language: str, *, force: bool = False) -> Path:
    """Write a report in the form that the suffix names; arguments and errors as of write."""
    refuse(file, language, force=force)
    writer = import_module(f"xiancheng.comparison.report.{FORMS[file.suffix.lower()]}")
    content: bytes = writer.content(report)
    whole_files.aside(file, lambda path: path.write_bytes(content))
    return file
