"""The command ``python -m striate``."""

import sys

from .cli import main

sys.exit(main())
