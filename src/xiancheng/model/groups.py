"""Groups of places that a setting may name, apart from the places so that levers can be listed without them."""

from __future__ import annotations

GROUPS = ("all", "68", "poles", "core", "circle")
"""Words that stand for several places."""
