"""What factors of one lever or assumption are called where a design has several: by year and places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from xiancheng.texts import listing, text


def each(entries: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Yield the tables of each lever or assumption by its name; where there are several, with what tells them apart."""
    for name, entry in entries.items():
        parts = entry if isinstance(entry, list) else [entry]
        for part in parts:
            yield name, part, _mark(part) if len(parts) > 1 else ""


def _mark(entry: Any) -> str:
    """Return year and places as a column of `xiancheng.batch` has them behind the id."""
    places = getattr(entry, "places", "all")
    words = ",".join(map(str, places)) if isinstance(places, list) else str(places)
    return f"@{entry.year}" + ("" if words == "all" else f":{words}")


def marked(title: Mapping[str, str], mark: str) -> dict[str, str]:
    """Return the title of a factor that has others of the same lever beside it."""
    year, _, places = mark.removeprefix("@").partition(":")
    if not mark:
        return dict(title)
    parts = {language: [*([places] if places else []), text("discover.by", language, year=year)] for language in title}
    return {language: text("discover.named", language, name=name, parts=listing(parts[language], language))
            for language, name in title.items()}
