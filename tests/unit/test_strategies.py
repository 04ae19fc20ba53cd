"""The shipped kinds against hand-made windows, the TA-Lib reference, and themselves with more and less history."""

import csv
import gzip
import math

import pytest

from domain.strategy import Signal
from strategies import lookahead_analysis
from strategies.indicators import Indicators
from strategies.kinds import SHIPPED, build
from tests.kit.candles import closes, recorded, walk, window

BTC = "binance__BTC-USDT__1h.csv.gz"
DEFAULTS = {
    "rsi": {"length": 14, "oversold": 30, "overbought": 70},
    "macd": {"fast": 12, "slow": 26, "signal": 9},
    "scalping": {"trend_length": 200, "rsi_length": 2, "oversold": 5, "exit_length": 5},
    "trend": {"entry_length": 20, "exit_length": 10},
    "rules": {"entry": "rsi(14) < 30 and close > sma(50)", "exit": "macd(12, 26, 9).histogram < 0"},
}
REFERENCE = {
    "sma20": ("sma", (20,), None),
    "ema20": ("ema", (20,), None),
    "wma20": ("wma", (20,), None),
    "rsi14": ("rsi", (14,), None),
    "macd": ("macd", (12, 26, 9), "macd"),
    "macd_signal": ("macd", (12, 26, 9), "signal"),
    "macd_hist": ("macd", (12, 26, 9), "histogram"),
    "bb_upper": ("bbands", (20, 2), "upper"),
    "bb_mid": ("bbands", (20, 2), "mid"),
    "bb_lower": ("bbands", (20, 2), "lower"),
    "atr14": ("atr", (14,), None),
    "natr14": ("natr", (14,), None),
    "cci20": ("cci", (20,), None),
    "willr14": ("willr", (14,), None),
    "mfi14": ("mfi", (14,), None),
    "roc10": ("roc", (10,), None),
    "mom10": ("mom", (10,), None),
    "dema20": ("dema", (20,), None),
    "tema20": ("tema", (20,), None),
    "aroon_down": ("aroon", (14,), "down"),
    "aroon_up": ("aroon", (14,), "up"),
    "ultosc": ("uo", (7, 14, 28), None),
    "stddev20": ("stdev", (20,), None),
    "adx14": ("adx", (14,), "adx"),
    "kama30": ("kama", (30,), None),
    "stoch_k": ("stoch", (14, 3, 3), "k"),
    "stoch_d": ("stoch", (14, 3, 3), "d"),
}


def last(kind, candles, **params) -> Signal:
    """What a kind says of the newest of these candles."""
    return build(kind, DEFAULTS[kind] | params).signal(Indicators(window(candles)))


def test_every_shipped_kind_is_tried():
    """Nothing is left out below."""
    assert DEFAULTS.keys() == SHIPPED.keys()


@pytest.mark.parametrize(("kind", "bars"), [("rsi", 322), ("macd", 403), ("scalping", 200)])
def test_the_warm_up_is_that_of_the_page(kind, bars):
    """TRADING.md section 6; trend's 460 come from the ATR(20) of its stop."""
    assert SHIPPED[kind].warmup(DEFAULTS[kind]) == bars


def test_trend_enters_above_the_highest_high_of_the_bars_before():
    """Not at it: highs are half a dollar above the closes."""
    flat = [100.0] * 25
    assert last("trend", closes(*flat, 100.5)).entry is None
    assert last("trend", closes(*flat, 100.51)).entry is not None


def test_trend_exits_below_the_lowest_low_of_ten_bars():
    """Lows are half a dollar below the closes."""
    assert last("trend", closes(*[100.0] * 25, 99.5)).exit is None
    assert last("trend", closes(*[100.0] * 25, 99.49)).exit is not None


def test_trend_says_what_it_saw():
    """Highs and lows are half a dollar beyond the closes; the channels are of the bars before."""
    found = last("trend", closes(*[100.0] * 25, 101.0))
    assert (found.entry, found.exit) == ("close 101 above the highest high 100.5 of 20 bars", None)
    assert found.reason == "close 101 within 99.5 and 100.5"
    assert found.indicators == {"high_20": 100.5, "low_10": 99.5}
    assert last("trend", closes(*[100.0] * 25, 99.0)).exit == "close 99 below the lowest low 99.5 of 10 bars"
    assert last("trend", closes(*[100.0] * 5)).reason == "the channel of 20 bars is undefined: too few bars"


@pytest.mark.parametrize(
    ("kind", "params", "bars"),
    [
        ("trend", {}, 460),  # of the ATR(20) of its stop
        ("trend", {"entry_length": 500}, 501),
        ("trend", {"exit_length": 480}, 481),
        ("scalping", {"trend_length": 20, "rsi_length": 14}, 322),
        ("scalping", {"trend_length": 20, "exit_length": 60}, 60),
    ],
)
def test_the_warm_up_is_that_of_the_longest_that_is_looked_at(kind, params, bars):
    """A channel of the bars before needs one bar more."""
    assert SHIPPED[kind].warmup(DEFAULTS[kind] | params) == bars


@pytest.mark.parametrize(
    ("kind", "params", "wrong"),
    [
        ("rsi", {"oversold": 70}, ["oversold"]),
        ("rsi", {"oversold": 69}, []),
        ("macd", {"fast": 26}, ["fast"]),
        ("macd", {"fast": 25}, []),
    ],
)
def test_what_must_lie_below_something_is_told(kind, params, wrong):
    """By its name; equal is not below."""
    assert [name for name, _ in SHIPPED[kind].check(DEFAULTS[kind] | params)] == wrong


def test_rsi_and_macd_say_what_they_saw():
    """RSI(2) of moves of 1 up, then of 1 down: 100 and 50; MACD and its signal are those of the newest bar."""
    found = last("rsi", closes(1, 2, 3, 4, 3), length=2)
    assert (found.reason, found.indicators) == ("RSI(2) 100 then 50", {"rsi_2": 50.0})
    lines = Indicators(window(walk(450)))
    newest = {"macd": lines("macd")[-1], "macd_signal": lines("macd", output="signal")[-1]}
    assert last("macd", walk(450)).indicators == newest


def test_rsi_enters_when_it_comes_back():
    """Falling it is 0; one large rise carries it over 30."""
    falling = [1000.0 - n for n in range(330)]
    assert last("rsi", closes(*falling)).entry is None
    assert last("rsi", closes(*falling, falling[-1] + 10)).entry is not None


def test_rsi_says_nothing_where_nothing_moves():
    """Neither on a flat price nor on its first tick: before it there is no RSI that could have been below."""
    assert last("rsi", closes(*[100.0] * 330)).reason == "RSI(14) is undefined: too few bars, or none of them moved"
    tick = last("rsi", closes(*[100.0] * 330, 100.01))
    assert (tick.entry, tick.exit) == (None, None)


def test_scalping_buys_no_price_that_stands_still():
    """RSI(2) of no change is not below 5."""
    flat = [*(100 + n * 0.5 for n in range(170)), *[190.0] * 100]
    found = last("scalping", closes(*flat))
    assert found.entry is None
    assert "RSI(2) undefined" in found.reason


def test_rsi_exits_when_it_rises_above_seventy():
    """Rising it is 100, but only the crossing counts."""
    mixed = [100 + (-1) ** n for n in range(330)]
    assert last("rsi", closes(*mixed, 130)).exit is not None
    assert last("rsi", closes(*[100.0 + n for n in range(330)])).exit is None


def test_macd_enters_on_the_crossing_only():
    """A fall, then a rise: the bar of the crossing, not the one after."""
    values = [200 - n * 0.1 for n in range(420)]
    entries = []
    for _ in range(12):
        values.append(values[-1] + 1.5)
        entries.append(last("macd", closes(*values)).entry is not None)
    assert sum(entries) == 1


def test_macd_exits_on_the_crossing_below_only():
    """A rise, then a fall."""
    values = [100 + n * 0.1 for n in range(420)]
    exits = []
    for _ in range(12):
        values.append(values[-1] - 1.5)
        exits.append(last("macd", closes(*values)).exit is not None)
    assert sum(exits) == 1


def test_trend_says_nothing_until_both_channels_are_there():
    """Ten bars before, of twenty that the entry needs: neither an exit nor an entry."""
    said = [last("trend", closes(*[100.0] * bars, 90)) for bars in (15, 20)]
    assert [(found.undefined, found.exit is not None) for found in said] == [(True, False), (False, True)]


@pytest.mark.parametrize("lengths", [{"trend_length": 200}, {"exit_length": 200}, {}])
def test_scalping_tells_what_is_undefined(lengths):
    """Either of its averages, and RSI of a price that stands still."""
    candles = closes(*[100.0] * 60) if not lengths else walk(60)
    assert last("scalping", candles, **({"trend_length": 20} | lengths)).undefined
    assert not last("scalping", walk(60), trend_length=20).undefined


def test_scalping_buys_a_dip_in_a_rise():
    """RSI(2) below 5 above the long average; the same dip below it is left alone."""
    rise = [100 + n * 0.5 for n in range(230)]
    assert last("scalping", closes(*rise, rise[-1] - 4, rise[-1] - 8)).entry is not None
    fall = [300 - n * 0.5 for n in range(230)]
    assert last("scalping", closes(*fall, fall[-1] - 4, fall[-1] - 8)).entry is None


def test_scalping_sells_above_the_short_average():
    """The close above SMA(5)."""
    rise = [100 + n * 0.5 for n in range(230)]
    assert last("scalping", closes(*rise)).exit is not None


@pytest.mark.parametrize("kind", DEFAULTS)
def test_too_short_a_window_says_nothing(kind):
    """No entry, no exception."""
    assert last(kind, walk(3)).entry is None


def doubts(strategy, candles, warmup):
    """What speaks against a strategy on these candles, as `fleet validate` asks."""
    asked = lookahead_analysis.bar_checks(strategy, Indicators(candles), warmup)
    findings = lookahead_analysis.first_findings(question() for question in asked)
    return lookahead_analysis.too_few_candles(len(candles), warmup) or findings


@pytest.mark.parametrize("kind", DEFAULTS)
def test_a_shipped_kind_is_proven_on_real_candles(kind, data):
    """It does not look ahead, and its warm-up is long enough."""
    strategy, warmup = build(kind, DEFAULTS[kind]), SHIPPED[kind].warmup(DEFAULTS[kind])
    assert doubts(strategy, window(recorded(data, BTC, warmup + 900)), warmup) == []


def test_too_few_candles_prove_nothing():
    """Which is said."""
    strategy = build("rsi", DEFAULTS["rsi"])
    assert "not proven" in doubts(strategy, window(walk(100)), 322)[0]


def test_too_short_a_warm_up_is_found(data):
    """RSI(14) on 40 bars is not what it is on more."""
    strategy = build("rsi", DEFAULTS["rsi"])
    assert "too short" in doubts(strategy, window(recorded(data, BTC, 900)), 40)[0]


class Clairvoyant:
    """Reads an indicator that is shifted into the past."""

    warmup = 30

    def signal(self, indicators):
        """A centred average knows the bars after the one it stands on."""
        value = float(indicators("dpo", 20)[-1])
        return Signal(indicators={} if math.isnan(value) else {"dpo": value})


def test_a_strategy_that_looks_ahead_is_found(data):
    """Later candles change what it says."""
    assert "looks ahead" in doubts(Clairvoyant(), window(recorded(data, BTC, 500)), 30)[0]


@pytest.fixture(scope="module")
def reference(data):
    """TA-Lib's columns over recorded candles, and our indicators over the same."""
    with gzip.open(data / "indicators" / "shared_binance__BTC-USDT__1h_last3000.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    return rows, Indicators(window(recorded(data, BTC, len(rows))))


@pytest.mark.parametrize("column", REFERENCE)
def test_the_reference_of_talib(reference, column):
    """To 1e-9 of the value, or of the price for values around zero, after the warm-up."""
    rows, indicators = reference
    name, args, output = REFERENCE[column]
    ours = indicators(name, *args, output=output)
    for row, value in list(zip(rows, ours, strict=True))[700:]:
        assert value == pytest.approx(float(row[column]), rel=1e-9, abs=1e-9 * float(row["close"]) / 100)
