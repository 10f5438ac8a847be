"""The demographic core alone: the equations with every feedback of homes, work and services at rest.

The core is what two censuses can tell; it is fitted and held against an independent projection without the other
sectors. Cut this way nothing of them is left to compute.
"""

from __future__ import annotations

import re

AT_REST: dict[str, str] = {
    "feedback appeal": "0",
    "family feedback appeal": "0",
    "school pull at age": "0",
    "commuting relief": "1",
    "village pool factor": "1",
    "land return hazard": "0",
    "childcare effect on births": "1",
    "travel time ratio": "1",
    "programme built share": "1",
}
"""Variables through which the other sectors reach people, and the value of each at which they do not."""


def core_only(text: str) -> str:
    """Return equations in which every variable of AT_REST is the constant of its rest.

    A name that the equations have not is passed over, so that a study without the other sectors stays as it is.

    Args:
        text: the equations.
    """
    for name, value in AT_REST.items():
        text = re.sub(rf"^({name}\[[^\]]*\] = )[^~|]*?(?=\s*~)", rf"\g<1>{value}", text, flags=re.M)
    return text
