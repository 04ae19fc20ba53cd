"""Rules that never or always hold on real candles, and why."""

import pytest

from domain import catalogue
from strategies.expression import Reading
from strategies.indicators import Indicators
from strategies.rule_parser import parse
from strategies.rule_warnings import mixed_units, never_true, rule_text, unnamed_output
from strategies.rules import KIND
from strategies.signal_counts import SignalCounts, counts, total
from strategies.undefined import never_defined
from tests.kit.candles import closes, recorded, walk, window

WARMUP = 60


@pytest.fixture(scope="module")
def real(data):
    """600 hours of Bitcoin, of which the last 540 have a warm-up before them."""
    return Indicators(window(recorded(data, "binance__BTC-USDT__1h.csv.gz", 600)))


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (
            "close > donchian(20, 20).upper",
            "the bar itself is in donchian(20, 20).upper, write donchian(20, 20).upper[1]",
        ),
        (
            "close > highest(high, 20)",
            "itself is in highest(high, 20), write highest(high, 20)[1] for those",
        ),
        ("crosses_below(close, lowest(9))", "write lowest(9)[1]"),
        ("crosses_below(close, donchian(9, 9).lower) and volume > 0", "write donchian(9, 9).lower[1]"),
        (
            "close > 1 and high < donchian(5, 5).upper - 0 and high > donchian(5, 5).upper",
            "write donchian(5, 5).upper[1]",
        ),
    ],
)
def test_a_channel_that_holds_its_own_bar(real, rule, why):
    """A close is never beyond the highest high of bars among which it is itself: certain, however few there are."""
    found = never_true(parse(rule), real, WARMUP)
    assert found.certain
    assert why in found.reason


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("close < 1", "close < 1"),
        ("close > 1 and (volume < 0 or close < -5)", "volume < 0 or close < -5"),
        ("close > open and close < open", "each part of it was, never all at once"),
        ("not close > 1", "not close > 1"),
        ("close != sma(1)", "close != sma(1)"),
    ],
)
def test_a_rule_that_was_never_true(real, rule, why):
    """The part that was never is named; with more bars it might have been."""
    found = never_true(parse(rule), real, WARMUP)
    assert (found.reason, found.certain) == (why, False)


def test_bars_of_the_warm_up_do_not_count():
    """What held on them only was never true."""
    found = Indicators(window(closes(5, 4, 3, 2, 1)))
    assert never_true(parse("close > 3"), found, 1) is None
    assert never_true(parse("close > 3"), found, 2).reason == "close > 3"


STILL = [bar._replace(open=9.0, high=9.0, low=9.0, close=9.0) for bar in closes(*[9] * 120)]
SILENT = [bar._replace(volume=0.0) for bar in walk(120)]
HALF = [*STILL[:60], *walk(120)[60:]]


@pytest.mark.parametrize(
    ("rule", "candles", "why"),
    [
        ("rsi(14) < 30", STILL, "not known on any of them, where rsi(14) is undefined (the price never moved)"),
        ("close > 1 and not rsi(14) < 30", STILL, "not rsi(14) < 30: it is not known on any of them, where rsi(14) is"),
        ("cmf(20) > 0 or close < 1", SILENT, "any of them, where cmf(20) is undefined (nobody ever traded)"),
        ("close / volume > 1", SILENT, "not known on any of them, where close / volume divides by zero"),
        ("sma(200) < close", SILENT, "not known on any of them, where sma(200) is undefined (it needs 200 bars)"),
        (
            "close[90] > 200",
            HALF,
            "close[90] > 200: it is not known on 30 of them, where close[90] is undefined (it needs 91",
        ),
        (
            "crosses_above(rsi(2), 200)",
            HALF,
            "it is not known on 1 of them, where the bar before, or a division by zero,",
        ),
        ("close > 1000", SILENT, "close > 1000"),
    ],
)
def test_a_rule_that_was_never_known(rule, candles, why):
    """What was undefined is named, and why, where the candles show it; more of them might be others."""
    found = never_true(parse(rule), Indicators(window(candles)), WARMUP)
    assert why in found.reason
    assert not found.certain


@pytest.mark.parametrize("name", [name for name in catalogue.names() if catalogue.entry(name).bars() > 1])
def test_bars_that_are_too_few_for_whatever_candles(name):
    """An indicator is defined on its own warm-up; on a single bar only the one that starts with its source is."""
    for output in catalogue.entry(name).outputs:
        leaf = Reading(name, catalogue.entry(name).complete(()), output or None, name)
        assert (never_defined(leaf, leaf.lookback()), never_defined(leaf, 1)) == (False, name != "ssf")


def test_a_rule_that_was_sometimes_true_is_left_alone(real):
    """With the bars before, it is what was meant."""
    assert never_true(parse("close > donchian(20, 20).upper[1]"), real, WARMUP) is None


@pytest.mark.parametrize(
    "rule",
    [
        "close > 1.5 * sma(20)[2]",
        "crosses_above(close, bbands(20, 2).lower) and -1 < roc(5)",
        "close < 1 or (volume > 2 and close > 3)",
        "not (close > 1 and (not close > 2))",
        "(high + low) / 2 > close",
    ],
)
def test_a_rule_is_told_in_its_own_words(rule):
    """What is told is the same rule."""
    assert parse(rule_text(parse(rule))) == parse(rule)
    assert rule_text(parse(rule)) == rule


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("volume > 1.5 * sma(20)[1]", "volume with price; sma(20)[1] is of the close: write sma(volume, 20)[1]"),
        ("close > 1 and volume > sma()", "compares volume with price; sma() is of the close: write sma(volume)"),
        ("volume > sma(close, 20)", "volume > sma(close, 20): compares volume with price"),
        ("volume > atr(14)", "volume > atr(14): compares volume with price"),
        ("crosses_above(rsi(14), close)", "crosses_above(rsi(14), close): compares ratio with price"),
        ("not close > 1 or atr(14) > 1 + rsi(14)", "atr(14) > 1 + rsi(14): compares price with ratio"),
        ("close + volume > 3", "close + volume: price and volume do not add up"),
        ("(close - open) * volume > sma(volume, 20)", "compares price × volume with volume"),
        ("close / volume > ema(5)", "compares price^1 volume^-1 with price"),
    ],
)
def test_units_that_do_not_fit(rule, told):
    """A price against a volume says nothing; units by hand."""
    (found,) = mixed_units(parse(rule))
    assert found.endswith(told)


@pytest.mark.parametrize(
    "rule",
    [
        "volume > 1.5 * sma(volume, 20)[1]",
        "close > 100 and volume > 5 and rsi(14) < 30",
        "atr(14) / close > 0.01 and close > ema(hl2, 10) * (1 + atr(14) / close)",
        "volume * close > 1e6",
        "(close - low) / (high - low) > 0.7 and -roc(5) < rsi(14)",
        "macd(12, 26, 9).macd > 0 and close - 2 * atr(20) < lowest(low, 10)",
    ],
)
def test_units_that_fit(rule):
    """Plain numbers fit every unit."""
    assert list(mixed_units(parse(rule))) == []


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("bbands(20, 2) > close", ["bbands(20, 2) is its lower: name the output that is meant, one of .lower, .mid"]),
        ("aroon(14)[1] > 50 and close > 1", ["aroon(14)[1] is its down: name the output that is meant, one of .down"]),
        ("macd(12, 26, 9) > 0 and stoch(14, 3, 3) < 20 and supertrend(7, 3) < close and adx(14) > 25", []),
        ("bbands(20, 2).upper < close and rsi(14) > 50", []),
    ],
)
def test_an_output_that_is_not_named(rule, told):
    """A band is two sides of the price: the first one may not be the one that is meant."""
    found = list(unnamed_output(parse(rule)))
    assert [reason[: len(start)] for reason, start in zip(found, told, strict=True)] == told


def test_signals_are_counted():
    """By hand: closes 1 to 6; above 2 on four of the five with a bar before, below 5 on three, both on two."""
    strategy = KIND.build({"entry": "close > 2", "exit": "close < 5"})
    found = total(question() for question in counts(strategy, Indicators(window(closes(1, 2, 3, 4, 5, 6))), 1))
    assert (found, total([])) == (SignalCounts(bars=5, entries=4, exits=3, both=2), SignalCounts(0, 0, 0, 0))
