"""What counted signals say of a strategy, without a database."""

import pytest

from fleet.strategy_warnings import FEW, signals_counted, warmup_unavailable
from strategies.indicators import Indicators
from strategies.signal_counts import SignalCounts
from tests.kit.candles import walk, window
from tests.unit.test_config import GOOD, loaded

CANDLES = Indicators(window(walk(400)))


def told(folder, counts, text=GOOD):
    """Keys and reasons of the warnings of one strategy."""
    (each,) = loaded(folder, text).strategies
    return [(one.line, one.key, one.reason) for one in signals_counted(each, CANDLES, counts)]


def test_a_kind_that_gave_no_signal(tmp_path):
    """By its params, or its kind's line; a time limit does for exits."""
    none = SignalCounts(bars=FEW, entries=0, exits=0, both=0)
    (entry, leave) = told(tmp_path, none, f"{GOOD}params: {{ oversold: 1 }}\n")
    assert entry == (7, "params", "its entry was never true on the 300 stored candles")
    assert leave == (7, "params", "its exit was never true on the 300 stored candles")
    limited = told(tmp_path, SignalCounts(bars=FEW, entries=3, exits=0, both=0), f"{GOOD}exits: {{ max_bars: 9 }}\n")
    assert limited == []


@pytest.mark.parametrize(
    "counts",
    [
        SignalCounts(bars=FEW - 1, entries=0, exits=0, both=0),
        SignalCounts(bars=FEW, entries=2, exits=2, both=2),
        SignalCounts(bars=FEW, entries=5, exits=5, both=4),
        SignalCounts(bars=FEW, entries=FEW - 1, exits=1, both=1),
        SignalCounts(bars=5, entries=5, exits=1, both=1),
        SignalCounts(bars=0, entries=0, exits=0, both=0),
    ],
)
def test_what_says_nothing_yet(tmp_path, counts):
    """Too few bars or entries, or only nearly always."""
    assert told(tmp_path, counts) == []


def test_what_always_holds(tmp_path):
    """An entry chooses nothing, an exit ends everything at once."""
    always = told(tmp_path, SignalCounts(bars=FEW, entries=FEW, exits=FEW, both=FEW))
    assert [reason for _, _, reason in always] == [
        "its entry was true on every one of the 300 stored candles: it chooses nothing",
        "its exit was true on every one of the 300 stored candles: it chooses nothing",
    ]


@pytest.mark.parametrize(("rule", "count"), [("close > highest(9)", 1), ("close > 1000", 0)])
def test_what_more_candles_would_not_change(tmp_path, rule, count):
    """Is told on few as well."""
    text = GOOD.replace("rsi", "rules") + f"params: {{ entry: '{rule}', exit: close < 95 }}\n"
    assert len(told(tmp_path, SignalCounts(bars=50, entries=0, exits=9, both=0), text)) == count


@pytest.mark.parametrize(("stored", "count"), [(899, 1), (900, 0)])
def test_a_warm_up_that_was_imported(tmp_path, stored, count):
    """Kraken's newest 720 bars do not matter then."""
    (each,) = loaded(tmp_path, GOOD.replace("binance", "kraken") + "warmup: 900\n").strategies
    assert len(list(warmup_unavailable(each, stored, None))) == count
