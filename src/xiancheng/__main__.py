"""`python -m xiancheng` is the command line."""

from __future__ import annotations

import sys

from xiancheng.cli import main

sys.exit(main())
