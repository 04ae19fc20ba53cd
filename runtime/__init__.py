"""How a process behaves: log, stop, loop, clock, retry."""

import sys

if "rich" not in sys.modules:  # structlog loads it for tracebacks, which are written plainly here: 8 MB for a trader
    sys.modules["rich"] = None  # type: ignore[assignment]

import structlog as _structlog

if sys.modules["rich"] is None:  # structlog has looked: whoever draws tables may have it from now on
    del sys.modules["rich"]

del _structlog
