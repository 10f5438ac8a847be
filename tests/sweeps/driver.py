"""A sweep in a process of its own, to be killed: python driver.py STUDY DESIGN STORE [K N]."""

from __future__ import annotations

import sys
from pathlib import Path

from xiancheng.study import Study
from xiancheng.sweeps import design, journey, work


def main(root: str, file: str, folder: str, *part: str) -> None:
    """Do the sweep, or a share of it."""
    study = Study(Path(root))
    ready = journey.plan(study, design.read(study, file))
    share = (int(part[0]), int(part[1])) if part else (1, 1)
    work.run(ready.setting, journey.begin(ready, Path(folder)), part=share)


if __name__ == "__main__":
    main(*sys.argv[1:])
