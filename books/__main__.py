"""`python -m books` writes what the site is built from; `make docs` builds it too."""

from __future__ import annotations

import sys
from pathlib import Path

from books import site
from xiancheng import study as studies
from xiancheng.errors import StudyError

FOLDER = Path("build/docs")


def main() -> int:
    """Write the pages and say how many there are."""
    root = Path(__file__).resolve().parents[1]
    try:
        pages = site.write(studies.find(root), root / FOLDER)
    except StudyError as error:
        sys.stderr.write(f"{error}\n")
        return 3
    sys.stdout.write(f"{len(pages)} pages in {FOLDER}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
