"""Runs appliance/deb/build."""

import sys

from .cli import main

sys.exit(main())
