"""The files of the page: read once from the package, packed once, and served by name from memory alone."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from importlib import metadata, resources

from xiancheng.engine import keeping
from xiancheng.errors import MissingPart

_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "json": "application/json; charset=utf-8",
}
FOLDER = "static"
PAGE = "index.html"
CHARTS = "charts.js"
"""The name under which the drawing library is served."""
_PACKAGE = "vl-convert-python"
_OFFERED = "window.vegaEmbed = vegaEmbed;"
_KIND = "page"
"""Of what is kept."""


@dataclass(frozen=True)
class Asset:
    """A file as it is sent.

    Attributes:
        packed: its bytes, compressed.
        type: its media type.
        tag: changes when the bytes do.
    """

    packed: bytes
    type: str
    tag: str

    @classmethod
    def of(cls, body: bytes, suffix: str) -> Asset:
        """Return a file from its bytes."""
        return cls(gzip.compress(body, 9, mtime=0), _TYPES[suffix], f'"{hashlib.sha256(body).hexdigest()[:16]}"')


def own() -> dict[str, Asset]:
    """Return the project's own files by name."""
    folder = resources.files(__package__).joinpath(FOLDER)
    files = [file for file in folder.iterdir() if file.is_file() and file.name.rpartition(".")[2] in _TYPES]
    return {file.name: Asset.of(file.read_bytes(), file.name.rpartition(".")[2]) for file in files}


def charts() -> Asset:
    """Return the library that draws charts and map, as the package vl-convert carries it; put together once.

    Raises:
        MissingPart: the package is not installed.
    """
    try:
        import vl_convert
    except ImportError:
        raise MissingPart("web", _PACKAGE) from None
    name = hashlib.sha256(f"{metadata.version(_PACKAGE)} {_OFFERED}".encode()).hexdigest()
    body = keeping.get(name, _KIND)
    if body is None:
        body = vl_convert.javascript_bundle(_OFFERED).encode()
        keeping.put(name, body, _KIND)
    return Asset.of(body, "js")
