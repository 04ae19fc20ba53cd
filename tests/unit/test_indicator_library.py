"""Indicators of pandas_ta for strategies of one's own: their names, arguments and outputs, as they are called here."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from strategies import library
from strategies.indicators import Indicators
from tests.kit.candles import walk, window

HOUSE = Path(__file__).resolve().parents[2]
BARS = Indicators(window(walk(60)))
COLUMNS = {name: BARS.column(name) for name in ("open", "high", "low", "close", "volume")}


@pytest.mark.parametrize(
    "program",
    [
        "import sys, strategies.light_pandas; assert 'pyarrow' not in sys.modules",
        "import strategies.light_pandas, pyarrow; assert pyarrow.__version__",
        "import sys, pyarrow, strategies.light_pandas; assert sys.modules['pyarrow'] is pyarrow",
    ],
)
def test_pandas_comes_without_pyarrow_which_others_may_load(program):
    """36 MB that no trader needs; whoever reads Parquet files has it from then on, or has had it before."""
    subprocess.run([sys.executable, "-c", program], cwd=HOUSE, check=True)


TALIB = """
import sys
from strategies.light_talib import talib as own
import talib, talib.abstract, numpy as np
closes = np.arange(40.0) % 7
expected = own.RSI(closes, 14)
assert "pandas" not in sys.modules and (talib.RSI(closes, 14)[14:] == expected[14:]).all()
import pandas as pd
index = pd.RangeIndex(100, 140)
frame = pd.DataFrame(dict.fromkeys(("open", "high", "low", "close", "volume"), closes), index=index)
for made in (talib.RSI(frame["close"], 14), talib.abstract.RSI(frame, timeperiod=14)):
    assert type(made) is pd.Series and (made.index == index).all() and (made.to_numpy()[14:] == expected[14:]).all()
assert type(talib.abstract.MACD(frame)) is pd.DataFrame
assert type(talib.MACD(frame["close"])[2]) is pd.Series
"""


@pytest.mark.parametrize("before", ["", "import pandas", "import talib"])
def test_talib_comes_without_pandas_and_takes_what_is_of_it_later(before):
    """200 ms and 36 MB that no trader needs; a user's own kind may hand Series and frames to it, whoever loads what
    first.
    """
    program = TALIB if not before else TALIB.replace('"pandas" not in sys.modules and', "")
    subprocess.run([sys.executable, "-c", f"{before}\n{program}"], cwd=HOUSE, check=True)


def test_an_indicator_reads_its_columns_and_takes_its_own_arguments():
    """In their order, without those that say how pandas_ta goes about it."""
    found = library.indicator("macd")
    assert (found.columns, found.arguments) == ((("close", "close"),), ("fast", "slow", "signal"))
    assert library.indicator("bop").columns == (
        ("open_", "open"), ("high", "high"), ("low", "low"), ("close", "close"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "outputs"), [("obv", {""}), ("sma", {""}), ("aroon", {"aroond", "aroonu", "aroonosc"})]
)
def test_outputs_are_called_as_there_without_their_lengths(name, outputs):
    """One alone has no name."""
    assert library.computed(name, COLUMNS, ()).keys() == outputs


def test_arguments_are_given_by_their_place():
    """A mean of 3 and one of 10, to ten digits, over all bars."""
    for length in (3, 10):
        (found,) = library.computed("sma", COLUMNS, (length,)).values()
        assert len(found) == 60
        assert found[-1] == pytest.approx(COLUMNS["close"][-length:].mean(), rel=1e-9)
        assert np.isnan(found[: length - 1]).all()
        assert found[-1] == float(f"{found[-1]:.10g}")


def test_too_few_bars_have_no_answer():
    """Where pandas_ta has none."""
    few = {name: values[:5] for name, values in COLUMNS.items()}
    assert library.computed("macd", few, ()) == {}


@pytest.mark.parametrize("name", ["nothing", "SMA", "__init__"])
def test_a_name_that_is_not_there_is_none(name):
    """Nor one of Python's own."""
    with pytest.raises(KeyError, match=name):
        library.indicator(name)
