"""The door to structlog.

It loads rich by itself where that is installed, for tracebacks, which are written plainly here: 4 MB and a tenth of a
trader's start. Rich is kept out meanwhile, so this is loaded before whatever else loads structlog.
"""

import sys

if "rich" not in sys.modules:
    sys.modules["rich"] = None  # type: ignore[assignment]

import structlog

if sys.modules["rich"] is None:  # structlog has looked: whoever draws tables may have it from now on
    del sys.modules["rich"]

__all__ = ["structlog"]
