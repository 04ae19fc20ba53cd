"""The door to TA-Lib and pandas: `talib` has TA-Lib's functions for arrays, without the look at each argument for a
pandas or polars Series, which takes as long as a short average.

TA-Lib loads pandas, and pandas loads pyarrow by itself where it is installed, 36 MB that no trader needs: it is kept
out unless somebody has loaded it already.
"""

import sys
from inspect import unwrap
from types import SimpleNamespace
from typing import Any

if "pyarrow" not in sys.modules:
    sys.modules["pyarrow"] = None  # type: ignore[assignment]

import pandas as pd
import talib as library

if sys.modules["pyarrow"] is None:  # pandas has looked: whoever reads Parquet files may have it from now on
    del sys.modules["pyarrow"]

talib: Any = SimpleNamespace(**{name: unwrap(getattr(library, name)) for name in vars(library) if name.isupper()})

__all__ = ["pd", "talib"]
