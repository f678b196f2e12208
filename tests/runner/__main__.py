"""Runs tests/run."""

import sys

from .cli import main

sys.exit(main())
