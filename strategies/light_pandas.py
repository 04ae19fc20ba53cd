"""The door to TA-Lib and pandas.

TA-Lib loads pandas, and pandas loads pyarrow by itself where it is installed, 36 MB that no trader needs: it is kept
out unless somebody has loaded it already.
"""

import sys

if "pyarrow" not in sys.modules:
    sys.modules["pyarrow"] = None  # type: ignore[assignment]

import pandas as pd
import talib

if sys.modules["pyarrow"] is None:  # pandas has looked: whoever reads Parquet files may have it from now on
    del sys.modules["pyarrow"]

__all__ = ["pd", "talib"]
