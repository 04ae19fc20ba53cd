"""``python -m exchange.simulated``: the simulated exchange as a process of its own."""

import sys

from exchange.simulated.cli import main

sys.exit(main())
