"""A place as the table of places describes it."""

from __future__ import annotations

from xiancheng.cli.session import Session
from xiancheng.model.places import Place, Places, read
from xiancheng.texts import number


def read_places(session: Session) -> Places:
    """Return the places of the study."""
    return read(session.study.tables)


def facts(session: Session, place: Place) -> list[tuple[str, str]]:
    """Return what the table of places says about a place, as (key of the column's name, words)."""
    row = place.row
    types = [kind.title[session.language] for kind in read_places(session).types if place.code in kind.codes]
    return [
        *((column, row[column]) for column in ("name_zh", "name_en", "code")),
        ("kind", session.words(f"kind.{row['kind']}")),
        ("county_type", "".join(types)),
        ("prefecture", f"{row['prefecture_zh']} {row['prefecture_en']}"),
        ("old_names", row["old_names"].replace("+", ", ")),
        ("area", number(float(row["area_km2"]), "km2", session.language)),
        ("listed", session.words("cli.yes" if place.listed else "cli.no")),
    ]
