"""Rules: what they say on a bar, what is refused and where, and how far back they look."""

import ast
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.secrets import hidden
from domain.strategy import Signal
from strategies.indicators import Indicators
from strategies.kinds import SHIPPED, build
from strategies.rule_parser import RuleInvalid, parse
from tests.kit.candles import closes, walk, window

FALLING_THEN_UP = closes(*[100 - n for n in range(30)], 75)


def holds(rule, candles=FALLING_THEN_UP):
    """What a rule says of the newest bar."""
    return parse(rule).truth(Indicators(window(candles))).at(-1)


def signal(entry, leave="", candles=FALLING_THEN_UP) -> Signal:
    """The signal of a strategy made of two rules."""
    return build("rules", {"entry": entry, "exit": leave}).signal(Indicators(window(candles)))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("close > 74", True),
        ("close > 75", False),
        ("close >= 75 and volume == 5", True),
        ("close > 80 or high > 75", True),
        ("not close > 80", True),
        ("70 < close < 80", True),
        ("70 < close < 75", False),
        ("close[1] == 71", True),
        ("close - close[1] > 3.5", True),
        ("close / 0 > 1", None),
        ("-close < 0", True),
        ("sma(2) == 73", True),
        ("sma(2)[1] == 71.5", True),
        ("crosses_above(close, 72)", True),
        ("crosses_above(close, 75)", False),
        ("crosses_above(close, 71)", True),
        ("crosses_below(72, close)", True),
        ("crosses_below(close, 72)", False),
        ("sma(200) > 1", None),
        ("not sma(200) > 1", None),
        ("sma(200) > 1 or close > 1", True),
        ("sma(200) > 1 and close > 100", False),
        ("bbands(5, std=2).upper > bbands(5, 2).lower", True),
        ("sma(length=2) == 73", True),
        ("sma(volume, 20) == 5", True),
        ("sma(source=volume, length=2) == 5", True),
        ("volume > 1.5 * sma(volume, 20)", False),
        ("ema(hl2, 10) == ema(10)", True),
        ("hl2 == close and hlc3 == close", True),
        ("sma(high, 2) == 73.5", True),
        ("highest(high, 5) == 75.5 and highest(5) == 75.5", True),
        ("lowest(low, 3) == 70.5 and lowest(3)[1] == 70.5", True),
        ("close > highest(close, 4)[1] and not close > highest(close, 5)[1]", True),
        ("rsi(volume, 14) > 1 or stoch(14).k > 100", None),
    ],
)
def test_a_rule_on_a_bar(rule, expected):
    """True, false, or not known."""
    assert holds(rule) is expected


@pytest.mark.parametrize(
    ("rule", "column", "words"),
    [
        ("rsi(14) < 30 nd close > 1", 14, "cannot be read"),
        ("rsj(14) < 30", 1, "did you mean rs"),
        ("close > 1 and clos < 2", 15, "did you mean close?"),
        ("macd(12, 26, 9).sgnal > 0", 1, "did you mean signal?"),
        ("close > 1 and rsi(14)", 15, "a condition is needed"),
        ("rsi(14).rsi > 1", 1, "one output only"),
        ("rsi(1, 2, 3, 4) > 1", 1, "takes at most 1 arguments: length"),
        ("rsi(14.5) > 1", 5, "a whole number from 2 to 10,000 is needed here, for length"),
        ("rsi(close, 1) > 1", 12, "a whole number from 2 to 10,000"),
        ("ssf(10, 4) > 1", 9, "a whole number from 2 to 3"),
        ("bbands(20, 0).lower > 1", 12, "a number above 0"),
        ("sma(volum, 20) > 1", 5, "did you mean volume?"),
        ("sma(close[1], 20) > 1", 5, "a source is a column as it is: open, high, low, close, volume, hl2, hlc3, ohlc4"),
        ("sma(rsi(14), 20) > 1", 5, "a source is a column as it is"),
        ("atr(close, 14) > 1", 5, "atr reads high, low, close and takes no other source"),
        ("sma(close, 20, source=open) > 1", 23, "given twice"),
        ("hilo(13, 21).hilo > 1", 1, "use supertrend"),
        ("rsi(-14) > 1", 5, "a whole number from 2 to 10,000"),
        ("rsi(lenght=14) > 1", 12, "did you mean length?"),
        ("sma(close=3) > 1", 11, "there is no argument of sma close; there are length"),
        ("close > obv()", 9, "depends on where the data starts"),
        ("close > vwap()", 9, "no anchor"),
        ("dpo(20) > 0", 1, "looks ahead"),
        ("close[-1] > 0", 7, "bars before"),
        ("close[1001] > 0", 7, "the number of bars before, from 0 to 1000"),
        ("close[1.5] > 0", 7, "bars before"),
        ("-(close > 1)", 1, "a condition is needed"),
        ("close > 1 and ~(close > 2)", 15, "write not"),
        ("+close > 1", 1, "use prices"),
        ("close.high > 1", 1, "use prices"),
        ("rsi.value > 1", 1, "use prices"),
        ("-~close > 1", 2, "write not"),
        ("close > 1000000000000001", 9, "a number of at most 1e+15"),
        ("rsi(length=14, length=15) > 1", 23, "length is given twice"),
        ("rsi(14, length=15) > 1", 16, "length is given twice"),
        ("crosses_above(close, 1, 2)", 1, "takes two numbers"),
        ("crosses_above(close, b=1)", 1, "takes two numbers"),
        ("close is 3", 1, "compare with"),
        ("crosses_above(close, 1) > 1", 1, "is a condition, not a number"),
        ("crosses_above(close)", 1, "takes two numbers"),
        ("__import__('os').system('true') > 1", 1, "use prices"),
        ("(lambda: 1)() > 1", 1, "use prices"),
        ("[x for x in (1,)] > 1", 1, "use prices"),
        ("close > 'a'", 9, "use prices"),
        ("close > True", 9, "use prices"),
        ("", 1, "cannot be read"),
    ],
)
def test_what_is_wrong_points_at_the_place(rule, column, words):
    """The column counts from 1."""
    with pytest.raises(RuleInvalid) as error:
        parse(rule)
    assert words in str(error.value)
    assert f"at column {column}:" in str(error.value)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("close == sma(3)", True),
        ("close > sma(3)", False),
        ("volume >= highest(volume, 5)", True),
        ("hl2 == sma(hl2, 4)", True),
    ],
)
def test_prices_are_compared_with_as_many_digits_as_indicators(rule, expected):
    """A column of twelve digits lies neither above nor below its own average where it stands still."""
    candles = [c._replace(volume=123_456_789_012.7) for c in closes(*[12345.6789012] * 9)]
    assert holds(rule, candles) is expected


@pytest.mark.parametrize(("rule", "bars"), [("close[1000] > 0", 1001), ("close[0] > 1000000000000000", 1)])
def test_what_a_rule_may_just_reach_is_read(rule, bars):
    """A thousand bars before, and a number of a thousand million million."""
    assert parse(rule).lookback == bars


def test_a_rule_has_a_thousand_characters_at_most():
    """Spaces count once."""
    words = " and ".join([*[f"close > 1.{'0' * 98}"] * 8, f"close > 1.{'0' * 86}"])
    assert len(words) == 1000
    assert parse(words.replace(" ", "   ")).lookback == 1
    with pytest.raises(RuleInvalid, match="is longer than 1000 characters"):
        parse(f"{words}0")


@pytest.mark.parametrize(("rule", "parts"), [("not close > 1", 200), ("close[1] > 1", 201)])
def test_a_rule_has_two_hundred_parts_at_most(rule, parts):
    """Of Python's grammar, by whose own count they are counted."""
    text = " and ".join([rule, *["close > 1"] * 38])
    assert sum(1 for _ in ast.walk(ast.parse(text, mode="eval"))) == parts
    if parts == 200:
        assert parse(text).lookback == 1
    else:
        with pytest.raises(RuleInvalid, match="has more than 200 parts"):
            parse(text)


def test_rules_without_end_are_refused():
    """Long ones and deep ones."""
    for rule in ("close > 1 and " * 200 + "close > 1", "not " * 190 + "close > 1", "(" * 150 + "close" + ")" * 150):
        with pytest.raises(RuleInvalid):
            parse(rule)


@given(some.text(max_size=60))
def test_no_text_does_anything_but_parse_or_be_refused(text):
    """Whatever is typed."""
    with suppress(RuleInvalid):
        assert parse(text).lookback >= 0


@given(some.text("closeprsi()<>=.+-*/[]0123456789, andornot", max_size=40))
def test_no_text_of_the_languages_own_signs_breaks_it(text):
    """Nearly rules."""
    with suppress(RuleInvalid):
        assert parse(text).lookback >= 0


def test_the_reason_shows_what_was_seen():
    """The rule in its own words, and the values."""
    found = signal("sma(2) > 72 and close > open[1]")
    assert found.entry == "sma(2) > 72 and close > open[1] [sma(2) 73, close 75, open[1] 71]"
    assert found.indicators == {"sma(2)": 73, "close": 75, "open[1]": 71}


def test_what_is_undefined_is_named():
    """And nothing is entered on it."""
    found = signal("sma(200) > 1 and close > 1")
    assert (found.entry, found.reason) == (None, "entry not known: sma(200) undefined")


def test_an_exit_that_is_not_known_is_said():
    """Also where the bar before is undefined, or zero divides; where `or` knows enough it is known."""
    assert signal("close > 100", "sma(200) > 1").reason == "exit not known: sma(200) undefined"
    assert signal("close > 100", "crosses_above(sma(31), 1)").reason.startswith("exit not known: the bar before")
    assert signal("close / (close - close) > 1").undefined
    assert not signal("close > 100", "sma(200) > 1 or close > 1").undefined


def test_entry_and_exit_are_told_apart():
    """Both are told whether or not a position is held."""
    found = signal("close > 100", "close > 1")
    assert found.entry is None
    assert found.exit is not None


@pytest.mark.parametrize(
    ("rule", "bars"),
    [
        ("close > 1", 2),
        ("close[9] > 1", 10),
        ("sma(200) > 1", 200),
        ("sma(200)[3] > 1", 203),
        ("crosses_above(close, sma(200))", 201),
        ("crosses_above(close[3], open)", 5),
        ("crosses_below(open, 2 * close[9])", 11),
        ("not (close[4] > 1 or high[7] - low < 2)", 8),
        ("ema(20) > 1", 230),
        ("ema(20)[1] > 1", 230),
        ("ema(20)[3] > 1", 232),
        ("crosses_above(rsi(14), 30)", 322),
        ("crosses_above(macd(12, 26, 9).macd, macd(12, 26, 9).signal)", 403),
        ("adx(14).adx > 25 and close > highest(high, 20)[1]", 644),
        ("volume > sma(volume, 20) * 2 + highest(50)", 50),
    ],
)
def test_the_warm_up_follows_from_the_indicators(rule, bars):
    """TRADING.md section 2: 11.5, 23 or 46 lengths, in which the bar before a crossing lies; else what is read."""
    assert SHIPPED["rules"].warmup({"entry": rule, "exit": ""}) == bars


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("rsi", "crosses_above(rsi(14), 30)"),
        ("macd", "crosses_above(macd(12, 26, 9).macd, macd(12, 26, 9).signal)"),
    ],
)
def test_a_rule_needs_what_the_shipped_kind_needs(kind, rule):
    """One table serves both."""
    params = {name: param.default for name, param in SHIPPED[kind].params.items()}
    assert SHIPPED["rules"].warmup({"entry": rule, "exit": ""}) == SHIPPED[kind].warmup(params)


def test_the_kind_complains_about_both_rules():
    """With the parameter's name."""
    found = SHIPPED["rules"].check({"entry": "rsj(14) < 1", "exit": "close >"})
    assert [name for name, _ in found] == ["entry", "exit"]


def test_a_rule_says_what_the_shipped_kind_says():
    """RSI by rule and RSI by kind, bar by bar."""
    rule = build("rules", {"entry": "crosses_above(rsi(14), 30)", "exit": "crosses_above(rsi(14), 70)"})
    kind = build("rsi", {"length": 14, "oversold": 30, "overbought": 70})
    candles, seen = walk(700), set()
    for end in range(330, 700):
        indicators = Indicators(window(candles[:end]))
        one, other = rule.signal(indicators), kind.signal(indicators)
        assert (one.entry is None, one.exit is None) == (other.entry is None, other.exit is None)
        seen.add((one.entry is None, one.exit is None))
    assert len(seen) == 3


def test_a_mark_uncovers_no_secret():
    """It once stood between the name of a secret and the secret, so that nothing hid it any more."""
    with pytest.raises(RuleInvalid) as caught:
        parse("close > token=nightingale8Kq")
    assert "nightingale8Kq" not in hidden(str(caught.value))
