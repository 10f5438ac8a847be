"""Groups of ages that equations add persons up over."""

from __future__ import annotations

import math

AGED: dict[str, tuple[float, float]] = {
    "aged 18 to 34": (18, 34),
    "aged 0 to 2": (0, 2),
    "aged 3 to 5": (3, 5),
    "aged 6 to 14": (6, 14),
    "aged 16 to 44": (16, 44),
    "aged 16 to 59": (16, 59),
    "aged 65 and over": (65, math.inf),
}
"""First and last completed age of each group, by the name of its column."""
