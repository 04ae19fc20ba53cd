"""Numbers within texts are those of YAML 1.2, as a key's whole value is; what may be octal is refused there."""

import re

import pytest
from hypothesis import assume, example, given

from config import values
from domain import dates
from strategies.expression import Comparison, Constant, Price
from strategies.rule_parser import RuleInvalid, parse
from tests.unit.test_config import GOOD, complaints
from tests.unit.test_yaml_numbers import SCALARS, meant


def ambiguous(text):
    """Whether C, Python's grammar or YAML 1.1 could take it for an octal number."""
    return re.match(r"[-+]?0[0-9]", text) is not None


def read(text, ask):
    """What stands in a text, or why it is refused."""
    try:
        return ask(text)
    except ValueError:
        return None


@given(SCALARS)
@example("3e0")
@example("1e-2")
@example("014")
@example("+2")
def test_a_distance_has_the_multiple_and_the_length_that_are_written(text):
    """Or is refused."""
    number = None if ambiguous(text) else meant(text)
    found = read(f"{text} atr(20)", values.distance)
    assert found is None or found.value == number
    assert found is not None or number is None or not 0 < number <= 100 or len(str(number.numerator)) > 15
    found = read(f"2 atr({text})", values.distance)
    assert (found and found.atr) == (number if number in range(2, 201) else None)


@given(SCALARS)
@example("3e0")
@example("1_4")
def test_a_rule_has_the_numbers_that_are_written(text):
    """On a side of a comparison, as an argument, and as bars before."""
    number = None if ambiguous(text) else meant(text)
    assume("-" not in text.lower().replace("e-", ""))  # arithmetic
    assume(number is None or (number <= 10**15 and bool(number) == bool(float(number))))
    whole = number in range(1001)
    found = read(f"close > {text}", parse)
    assert found == (None if number is None else Comparison(">", Price("close"), Constant(float(number))))
    found = read(f"sma({text}) > 1", parse)
    assert (found and found.left.args) == ((number,) if number in range(1, 10_001) else None)
    found = read(f"close[{text}] > 1", parse)
    assert (found and found.left.shift) == (number if whole else None)


@given(SCALARS)
def test_a_time_has_the_number_that_is_written(text):
    """Lengths of time and days before now."""
    number = None if ambiguous(text) else meant(text)
    found = read(f"{text}h", values.duration(0, 1e9))
    assert found == (float(number * 3600) if number is not None and 0 <= number * 3600 <= 1e9 else None)
    found = read(f"{text}d", dates.parse)
    assert (found and found.seconds) == (number * 86_400 if number in range(100_000) else None)


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("exits", "{ stop: 3e0 atr(014) }", "014 may be read as octal: write 14"),
        ("exits", "{ stop: 02 atr(14) }", "02 may be read as octal: write 2"),
        ("exits", "{ stop: '2,5 atr(14)' }", "2,5 is no number; write it without commas, a point before its fraction"),
        ("exits", "{ stop: 2 ATR }", "must be a fraction of the entry price such as 0.03, or '2 atr(20)'"),
        ("exits", "{ stop: 5% }", "or '2 atr(20)'; write 0.05"),
        ("exits", "{ stop: 200 atr(14) }", "must be a multiple above 0, up to 100, of atr(2) to atr(200)"),
        ("exits", "{ stop: 1.2345678901234567 atr(14) }", "must be a number of at most 15 digits"),
    ],
)
def test_a_distance_is_refused_for_what_is_wrong_with_it(tmp_path, key, value, told):
    """With its line and key."""
    (found,) = complaints(tmp_path, f"{GOOD}{key}: {value}\n")
    assert (found.line, found.key) == (7, "exits.stop")
    assert told in found.reason


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("rsi(014) < 30", "014 may be read as octal: write 14, at column 5: rsi(→014) < 30"),
        ("close > 01.5", "01.5 may be read as octal: write 1.5, at column 9: close > →01.5"),
        ("close > 1_000", "1_000 is no number; write 1000, at column 9: close > →1_000"),
        ("close[0b1] > 1", "0b1 is no number; write 1, at column 7: close[→0b1] > 1"),
    ],
)
def test_a_rule_is_refused_for_what_is_wrong_with_it(rule, told):
    """With its place."""
    with pytest.raises(RuleInvalid) as refused:
        parse(rule)
    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("text", "ask"), [("06h", values.duration(0, 1e9)), ("0200 MB", values.size), ("07d", dates.parse)]
)
def test_other_texts_are_refused_for_it_too(text, ask):
    """Times, sizes, dates."""
    with pytest.raises(ValueError, match=r"may be read as octal: write [1-9]"):
        ask(text)
