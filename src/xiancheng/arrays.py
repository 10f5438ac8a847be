"""Names of arrays of numbers, the same in every room; shapes stand where an array is described."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
"""Half the size, for results that are kept by the thousand."""
