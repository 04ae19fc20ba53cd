"""The door to pandas.

It loads pyarrow by itself where that is installed, 36 MB that no trader needs: it is kept out unless somebody has
loaded it already.
"""

import sys

if "pyarrow" not in sys.modules:
    sys.modules["pyarrow"] = None  # type: ignore[assignment]

import pandas as pd

if sys.modules["pyarrow"] is None:  # pandas has looked: whoever reads Parquet files may have it from now on
    del sys.modules["pyarrow"]

__all__ = ["pd"]
