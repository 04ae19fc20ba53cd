"""The catalogue of indicators, and what is made of its units: noise is 0, ten digits count, 0/0 is undefined."""

import math
import subprocess
import sys
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain import catalogue, warmup
from domain.catalogue import Argument
from domain.units import MONEY, PRICE, RATIO, VARIANCE, VOLUME
from strategies import indicators_page, library
from strategies.indicators import FORMULAS, Indicators
from strategies.kinds import SHIPPED
from strategies.rounding import rounded
from strategies.rule_parser import parse
from tests.kit.candles import closes, walk, window

DOCS = Path(__file__).resolve().parents[2] / "docs"
STILL = [100.0] * 1_000
UNDEFINED = [
    "rsi", "cmo", "stoch", "willr", "cci", "mfi", "adx", "uo", "zscore", "bop", "er", "vhf", "vortex", "chop", "kdj",
    "stochrsi", "tsi", "smi", "rvi", "inertia", "rvgi", "brar", "cti", "fisher", "pgo", "skew", "kurtosis", "massi",
    "supertrend",
]  # fmt: skip


def test_every_indicator_of_pandas_ta_is_offered_or_refused_with_its_reason():
    """None is forgotten, none stands twice, each that is offered has a formula."""
    assert library.names() <= {*catalogue.names(), *catalogue.refused()}
    assert not set(catalogue.names()) & catalogue.refused().keys()
    assert set(catalogue.names()) == FORMULAS.keys()


def test_the_page_is_that_of_the_table():
    """`make docs` makes docs/indicators.md."""
    assert (DOCS / "indicators.md").read_text() == indicators_page.page()


def test_the_page_is_written_where_it_is_asked_for(tmp_path):
    """By the command of `make docs`."""
    subprocess.run([sys.executable, "-m", "strategies.indicators_page", tmp_path / "page"], cwd=DOCS.parent, check=True)
    assert (tmp_path / "page").read_text(encoding="utf-8") == indicators_page.page()


@pytest.mark.parametrize(("name", "args", "bars"), [
    ("ema", (200,), 2300), ("rsi", (14,), 322), ("atr", (20,), 460), ("macd", (12, 26, 9), 403), ("adx", (14,), 644),
    ("sma", (200,), 200), ("stoch", (14, 3, 3), 18), ("highest", (20,), 20), ("mom", (10,), 11),
])  # fmt: skip
def test_the_warm_up_is_that_of_trading(name, args, bars):
    """TRADING.md sections 2 and 6, and plain counting for those that end."""
    assert catalogue.bars(name, *args) == bars


def test_the_shipped_kinds_take_their_warm_up_from_the_table():
    """RSI and MACD of other lengths."""
    assert SHIPPED["rsi"].warmup({"length": 21}) == catalogue.bars("rsi", 21)
    assert SHIPPED["macd"].warmup({"fast": 5, "slow": 35, "signal": 5}) == catalogue.bars("macd", 5, 35, 5)


@pytest.mark.parametrize(("rule", "unit"), [
    ("close", PRICE), ("volume", VOLUME), ("sma(volume, 20)", VOLUME), ("sma(20)", PRICE), ("rsi(volume, 14)", RATIO),
    ("variance(20)", VARIANCE), ("bbands(20).percent", RATIO), ("bbands(20).upper", PRICE), ("efi(13)", MONEY),
    ("close * volume", MONEY), ("close / open", RATIO), ("2 * sma(volume, 20)", VOLUME),
    ("1 / close", RATIO.per(PRICE)),
    ("close + atr(14)", PRICE), ("supertrend(10).direction", RATIO), ("close + volume", None), ("70", None),
])  # fmt: skip
def test_what_stands_in_a_rule_knows_its_unit(rule, unit):
    """So that a volume can be told from a price."""
    assert parse(f"{rule} > 1").left.unit == unit


def test_rounding_keeps_ten_digits():
    """Small, large, negative, zero; what is infinite is undefined."""
    assert rounded(np.array([1.23456789012, -9.87654321098e-7, 0.0])).tolist() == [1.23456789, -9.876543211e-7, 0.0]
    assert rounded(np.array([1.23456789012e12, 12.3456789012])).tolist() == [1.23456789e12, 0.0]
    assert rounded(np.array([1.23456789012e12, 1234.56789012])).tolist() == [1.23456789e12, 1234.56789]
    assert np.isnan(rounded(np.array([math.nan, math.inf, -math.inf]))).all()


@given(
    some.lists(some.floats(1.0, 9.999) | some.just(math.nan), min_size=1, max_size=20),
    some.lists(some.sampled_from([-1.0, 1.0, 10.0, 1e-3, 1e5, 0.0]), min_size=1, max_size=3),
    some.integers(-20, 20),
)
def test_columns_of_any_kind_are_rounded_alike(digits, scales, exponent):
    """Of one magnitude or of many, with and without a zero: each value as if it stood beside one that is infinite, with
    which nothing is presumed of a column.
    """
    values = np.array([digit * scale * 10.0**exponent for digit, scale in zip(digits, cycle(scales))])
    known = rounded(np.append(values, math.inf))[:-1]
    assert rounded(values).tobytes() == known.tobytes()


def test_what_is_small_beside_what_it_was_made_of_is_nothing():
    """1e-10 of the largest price: below it 0, above it as it is; and beside the largest of its own."""
    values = np.array([9e-9, -9e-9, 1.1e-8, -1.1e-8])
    assert rounded(values, 100.0).tolist() == [0.0, 0.0, 1.1e-8, -1.1e-8]
    assert rounded(np.array([1e-11, 1.0])).tolist() == [0.0, 1.0]


def test_of_the_prices_that_are_read_the_largest_counts():
    """A single high of 1e12 makes noise of what lies 1e-10 below it, also where its own output has nothing of it."""
    candles = walk(60)
    spiked = [*candles[:5], candles[5]._replace(high=1e12), *candles[6:]]
    still, noise = (Indicators(window(each))("eri", 13, output="bear")[-1] for each in (candles, spiked))
    assert 0.1 < abs(still) < 50
    assert noise == 0


def test_a_scale_free_indicator_of_volume_is_no_noise_beside_it():
    """Where a coin trades 1e12 a bar, its money flow of 0.3 is 0.3, and an average of volumes of 1 is noise."""
    candles = [c._replace(volume=1e12, high=c.high + 0.3) for c in walk(100)]
    assert abs(Indicators(window(candles))("cmf", 20)[-1]) > 0.1
    candles = [*candles, *(c._replace(volume=1.0) for c in walk(60))]
    assert Indicators(window(candles))("sma", 20, source="volume")[-1] == 0.0


@pytest.mark.parametrize(
    "name", ["macd", "apo", "ppo", "trix", "bias", "cfo", "ao", "mom", "stdev", "squeeze", "kst", "pvo"]
)
def test_the_last_bits_of_a_price_that_stands_still_are_nothing(name):
    """Sums of it differ by noise, which would cross every zero line."""
    found = Indicators(window(closes(*[100.37] * 700)))(name)
    assert not np.nan_to_num(found).any()


@pytest.mark.parametrize("name", UNDEFINED)
def test_what_divides_by_zero_is_undefined(name):
    """On a price that stands still, with volume."""
    candles = [c._replace(open=100.0, high=100.0, low=100.0) for c in closes(*STILL)]
    assert math.isnan(Indicators(window(candles))(name)[-1])


def test_the_noise_of_what_stands_still_has_no_place_within_itself():
    """While a price stands still its RSI changes in the last bit only: there is no highest and lowest of that."""
    candles = [*closes(*(c.close for c in walk(500)), *[100.37] * 60)]
    indicators = Indicators(window(candles))
    assert not math.isnan(indicators("rsi", 14)[-1])
    assert math.isnan(indicators("stochrsi", 14, 14, 3, 3)[-1])


@pytest.mark.parametrize("name", [
    "sma", "ema", "rma", "wma", "trima", "kama", "alma", "fwma", "pwma", "sinwma", "swma", "vwma", "median", "midpoint",
])  # fmt: skip
def test_an_average_lies_among_what_it_is_an_average_of(name):
    """From its first value on, also where the warm-up was lowered knowingly."""
    values = Indicators(window(walk(60)))(name, 10)
    known = values[~np.isnan(values)]
    prices = [c.close for c in walk(60)]
    assert len(known) > 40
    assert min(prices) <= known.min() <= known.max() <= max(prices)


@pytest.mark.parametrize("name", ["cmf", "vwma", "pvo", "mfi"])
def test_what_divides_by_volume_is_undefined_where_there_is_none(name):
    """While prices move."""
    candles = [c._replace(volume=0.0) for c in walk(600)]
    assert math.isnan(Indicators(window(candles))(name)[-1])


@pytest.mark.parametrize("name", catalogue.names())
def test_a_short_window_is_undefined_and_raises_nothing(name):
    """From the first candle of a history on."""
    for bars in (*range(1, 25), 60, 200):
        indicators = Indicators(window(walk(bars)))
        for output in catalogue.entry(name).outputs:
            assert len(indicators(name, output=output)) == bars


@pytest.mark.parametrize(("args", "words"), [((0,), "from 2 to 10,000"), ((2.5,), "whole"), ((14, 3), "at most 1")])
def test_arguments_that_may_not_be_are_told(args, words):
    """Also to a strategy of one's own."""
    with pytest.raises(ValueError, match=words):
        Indicators(window(walk(30)))("rsi", *args)


@pytest.mark.parametrize(
    ("argument", "value", "fits"),
    [
        (Argument("length", 14.0, 2, 200, whole=True), 2, True),
        (Argument("length", 14.0, 2, 200, whole=True), 200, True),
        (Argument("length", 14.0, 2, 200, whole=True), 1, False),
        (Argument("length", 14.0, 2, 200, whole=True), 201, False),
        (Argument("length", 14.0, 2, 200, whole=True), 14.5, False),
        (Argument("factor", 2.0, 1, 10, whole=False), 0.25, True),
        (Argument("factor", 2.0, 1, 10, whole=False), 10, True),
        (Argument("factor", 2.0, 1, 10, whole=False), 10.5, False),
        (Argument("factor", 2.0, 1, 10, whole=False), 0, False),
        (Argument("factor", 2.0, 1, 10, whole=False), math.nan, False),
    ],
)
def test_an_argument_lies_within_its_range(argument, value, fits):
    """Both ends of a length belong to it, a factor is above nothing; it comes back as what it is computed with."""
    if fits:
        found = argument.checked(value)
        assert (found, type(found)) == (value, int if argument.whole else float)
    else:
        with pytest.raises(ValueError, match=f"{argument.name} must be {argument.range}, not {value:g}"):
            argument.checked(value)


@pytest.mark.parametrize(
    ("name", "args", "complete"),
    [
        ("macd", (), (12, 26, 9)),
        ("macd", (None, 30), (12, 30, 9)),
        ("bbands", (10,), (10, 2)),
        ("adx", (10,), (10, 10)),
        ("adx", (10, 20), (10, 20)),
    ],
)
def test_what_is_left_out_of_an_indicator_is_its_default(name, args, complete):
    """Of ADX the second length is the first, unless it is named."""
    found = catalogue.entry(name).complete(args)
    assert found == complete
    assert {type(each) for each in found} <= {int, float}


@pytest.mark.parametrize(
    ("name", "output", "source", "unit"),
    [
        ("sma", None, None, PRICE),
        ("sma", None, "volume", VOLUME),
        ("sma", None, "hl2", PRICE),
        ("variance", None, None, VARIANCE),
        ("variance", None, "volume", VOLUME.times(VOLUME)),
        ("macd", "signal", None, PRICE),
        ("bbands", None, None, PRICE),
        ("bbands", "bandwidth", None, RATIO),
        ("rsi", None, "volume", RATIO),
        ("pvo", "histogram", None, RATIO),
        ("efi", None, None, MONEY),
    ],
)
def test_an_output_has_the_unit_of_what_it_is_made_of(name, output, source, unit):
    """Of the first output where none is named."""
    assert catalogue.entry(name).unit(output, source) == unit


def test_an_output_that_is_not_there_has_no_unit():
    """Neither of one output nor of several."""
    for name in ("macd", "rsi"):
        with pytest.raises(KeyError, match="upper"):
            catalogue.entry(name).unit("upper")


@pytest.mark.parametrize(
    ("unit", "size", "called"),
    [
        (RATIO, 1.0, "ratio"),
        (PRICE, 4.0, "price"),
        (VOLUME, 8.0, "volume"),
        (MONEY, 32.0, "price × volume"),
        (VARIANCE, 16.0, "price²"),
        (PRICE.per(VOLUME), 0.5, "price^1 volume^-1"),
        (VARIANCE.per(PRICE), 4.0, "price"),
    ],
)
def test_a_unit_has_a_size_and_a_name(unit, size, called):
    """Where a price is 4 and a volume 8."""
    assert (unit.of(4.0, 8.0), str(unit)) == (size, called)


def test_what_is_made_of_nothing_has_no_size():
    """A price where there is none; a ratio is 1 all the same, and a price does not ask for a volume."""
    assert [each.of(0.0, 8.0) for each in (PRICE, MONEY, VOLUME, RATIO, RATIO.per(PRICE))] == [0, 0, 8, 1, 0]
    assert [each.of(4.0, 0.0) for each in (PRICE, MONEY, VOLUME, RATIO)] == [4, 0, 0, 1]


def test_bars_until_a_start_is_forgotten_are_whole():
    """A half is one more."""
    assert (warmup.ema(9), warmup.wilder(1.5), warmup.forgets(7.1), warmup.forgets(7)) == (104, 35, 8, 7)


@pytest.mark.parametrize(
    "asked",
    [
        lambda i: i.column("close"),
        lambda i: i.column("hl2"),
        lambda i: i("sma", 5),
        lambda i: i("obv"),
        lambda i: i.read("low"),
    ],
)
def test_nobody_changes_what_others_read(asked):
    """The strategies of a series share the columns and the indicators."""
    with pytest.raises(ValueError, match="read-only"):
        asked(Indicators(window(walk(30))))[-1] = 0.0


def test_what_the_catalogue_lacks_comes_from_pandas_ta():
    """For strategies of one's own."""
    indicators = Indicators(window(walk(60)))
    assert len(indicators("obv")) == 60
    with pytest.raises(KeyError):
        indicators("rsj", 14)
