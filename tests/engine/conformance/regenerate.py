"""Write what PySD says into expected/: `python tests/engine/conformance/regenerate.py [NAME ...]`, all without a name.

Models whose values stand in by_hand.py are left out: there PySD is wrong, silent or cannot read the construct.
Each model is copied into a temporary folder first, so nothing is ever written beside it.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pysd

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
CLOCK = {"FINAL TIME", "INITIAL TIME", "SAVEPER", "TIME STEP", "Time"}


def by_pysd(model: Path) -> pd.DataFrame:
    """Every variable and element over the saved times, by PySD with exact constants.

    Lookup definitions are not values over time and are left out.
    """
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        copy = Path(shutil.copy(model, folder))
        shutil.copytree(model.parent / "tables", Path(folder) / "tables")
        with np.printoptions(precision=17, floatmode="unique"):
            translated = pysd.read_vensim(str(copy))
        catalogue = translated.doc
        names = catalogue.loc[~catalogue["Type"].isin(["Lookup", "Subscript"]), "Real Name"]
        wanted = [name for name in names if name not in CLOCK]
        return translated.run(return_columns=wanted, flatten_output=True)


def write(frame: pd.DataFrame, target: Path) -> None:
    """One row per variable or element, one column per saved time, every digit."""
    rows = frame.astype(float).T
    rows.index.name = "variable"
    rows.columns = [repr(round(float(time), 9)) for time in rows.columns]
    rows.to_csv(target, float_format=lambda value: repr(float(value)))


def main(names: list[str]) -> list[str]:
    """Write the named models, or all; give the names PySD could not run, with its words."""
    from by_hand import BY_HAND

    (HERE / "expected").mkdir(exist_ok=True)
    failures = []
    for model in sorted(HERE.glob("*.mdl")):
        if (names and model.stem not in names) or model.stem in BY_HAND:
            continue
        try:
            write(by_pysd(model), HERE / "expected" / f"{model.stem}.csv")
        except Exception as error:
            failures.append(f"{model.stem}: {type(error).__name__}: {str(error)[:200]}")
    return failures


if __name__ == "__main__":
    sys.exit("\n".join(main(sys.argv[1:])) or 0)
