"""What stands in a file is what it means: YAML 1.2's core schema, read once more from its table."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as some

from config import values
from config.complaints import ConfigurationInvalid
from config.load import load
from config.source import bare, parse
from domain import scalars
from strategies import kinds
from tests.unit.test_config import GOOD, complaints, loaded

# yaml.org/type of 2005: what YAML 1.1 takes for an integer, a real number, a truth value and a time
ODD = (
    r"[-+]?0b[01_]{1,9}",
    r"[-+]?0[0-7_]{1,9}",
    r"[-+]?(0|[1-9][0-9_]{0,9})",
    r"[-+]?0x[0-9a-fA-F_]{1,9}",
    r"[-+]?[1-9][0-9_]{0,4}(:[0-5]?[0-9]){1,3}",
    r"[-+]?([0-9][0-9_]{0,6})?\.[0-9.]{0,6}([eE][-+][0-9]{1,3})?",
    r"[-+]?[0-9][0-9_]{0,4}(:[0-5]?[0-9]){1,3}\.[0-9_]{0,4}",
    r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
    r"y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|~|null|Null|NULL",
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt][0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]{0,3})?Z?)?",
    r"[-+]?[0-9]{1,6}[eE][-+]?[0-9]{1,3}|0o[0-7]{1,9}|[0-9]{1,3}(,[0-9]{3}){1,2}|[0-9]{1,3}%",
)
SCALARS = some.one_of([some.from_regex(re.compile(odd, re.ASCII), fullmatch=True) for odd in ODD])


def meant(text):
    """The number that a plain scalar is by section 10.3.2 of YAML 1.2.2, None where it is none (or not finite)."""
    if re.fullmatch(r"0o[0-7]+", text) or re.fullmatch(r"0x[0-9a-fA-F]+", text):
        base = 8 if text[1] == "o" else 16
        return sum(Fraction(int(digit, 16)) * base**place for place, digit in enumerate(text[:1:-1]))
    found = re.fullmatch(r"([-+]?)(?:(\.[0-9]+)|([0-9]+)(\.[0-9]*)?)(?:[eE]([-+]?[0-9]+))?", text)
    if found is None:
        return None
    sign, fraction, units, rest, power = found.groups(default="")
    digits = units + (fraction or rest)[1:]
    shifted = int(power or 0) - len((fraction or rest)[1:])
    return (-1 if sign == "-" else 1) * Fraction(int(digits)) * Fraction(10) ** shifted


def said(text):
    """What a plain scalar is here."""
    source = parse("x.yaml", f"a: {text}\n")
    assert not source.complaints
    return source.value["a"]


@given(SCALARS)
@example("014")
@example("1:30")
@example("1_000")
def test_a_scalar_is_what_yaml_1_2_says(text):
    """A number of that value, which keeps its digits, or the text that stands there."""
    found, number = said(text), meant(text)
    if number is not None:
        assert (Fraction(found), str(found)) == (number, text)
    elif text.lower() in {"true", "false", "yes", "no", "on", "off"}:
        assert found is (text.lower() in {"true", "yes", "on"})
    else:
        assert found == (None if text.lower() in {"~", "null", ""} else text)


@given(SCALARS)
def test_what_is_kept_of_a_file_says_the_same(text):
    """Without its comments, for a start without the file; also where it was quoted."""
    for written in (text, f"'{text}'"):
        kept = parse("x.yaml", bare(f"a: {written} # why\n")).value["a"]
        assert (type(kept), str(kept)) == (type(said(written)), str(said(written)))


def strategy(folder, **values):
    """The strategy of a file with other values, None where it is refused at their line."""
    lines = {line.partition(":")[0]: line for line in GOOD.splitlines()}
    text = "\n".join((lines | {key: f"{key}: {value}" for key, value in values.items()}).values())
    try:
        return loaded(folder, text).strategies[0]
    except ConfigurationInvalid as error:
        mistakes = error.complaints
    places = [list(lines | values).index(each.key.partition(".")[0]) + 1 for each in mistakes]
    assert [each.line for each in mistakes] == places
    return None


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SCALARS)
def test_an_id_is_what_was_written(tmp_path, text):
    """Or it is refused."""
    found = strategy(tmp_path, strategy_id=text)
    assert found is None or found.strategy_id == text


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SCALARS)
@example("14.5")
def test_money_and_parameters_are_what_a_person_reads(tmp_path, text):
    """To the last digit of money; or they are refused. Nothing is the default."""
    assume(text.lower() not in {"~", "null"})
    number = meant(text)
    found = strategy(tmp_path, capital=text)
    assert found is None or found.terms.capital == number
    found = strategy(tmp_path, params=f"{{ length: {text} }}")
    assert found is None or found.params["length"] == number
    found = strategy(tmp_path, params=f"{{ overbought: {text} }}")
    assert found is None or found.params["overbought"] == float(number)


@pytest.mark.parametrize("written", ["1e3", "1E3", "+1e3", "1000", "1000.0", "01000", "'1e3'", "10.0e2", "0x3e8"])
def test_a_number_is_one_everywhere(tmp_path, written):
    """Whole ones, fractions, money and times: a thousand each time."""
    fleet = (
        f"defaults: {{ last: {written} }}\nsupervision: {{ drain: {written} }}\n"
        f"exchanges: {{ kraken: {{ min_cost: {written}, delisted: {{ after: {written} }} }} }}\n"
    )
    found = loaded(tmp_path, GOOD.replace("capital: 1000", f"capital: {written}") + f"warmup: {written}\n", fleet)
    kraken, one = found.exchanges["kraken"], found.strategies[0]
    assert (found.supervision.drain, kraken.min_cost, kraken.delisted.after) == (1000, 1000, 1000)
    assert (one.terms.capital, one.terms.warmup, str(one.terms.capital)) == (1000, 1000, "1000")


@pytest.mark.parametrize("bound", [(0.01, 1000), (0.1, 300), (0.3, 0.7)])
def test_both_ends_of_a_range_belong_to_it(bound):
    """As they are told: 0.01 as a float is a little more than 0.01."""
    for end in bound:
        assert values.number(*bound)(scalars.read(f"{end}")) == end


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("1_000", "; write 1000"),
        ("1,000", "without commas"),
        ("1:30", "no colons"),
        ("0b11", "; write 3"),
        ("5%", "; write 0.05"),
        ("0.1000000000000000055", "at most 15 digits"),
    ],
)
def test_what_looks_like_a_number_is_told(tmp_path, written, told):
    """With its line, its key, and what to write instead."""
    (found,) = complaints(tmp_path, GOOD.replace("capital: 1000", f"capital: {written}"))
    assert (found.line, found.key, str(found.value)) == (6, "capital", written)
    assert told in found.reason


@pytest.mark.parametrize(("key", "value"), [("strategy_id", "no"), ("strategy", "010"), ("strategy", "on")])
def test_a_text_that_is_none_is_to_be_quoted(tmp_path, key, value):
    """A truth value or a number where a text belongs."""
    found = complaints(tmp_path, re.sub(rf"(?m)^{key}: .*$", f"{key}: {value}", GOOD))
    assert "write it in quotes" in found[0].reason


def test_templates_of_a_matrix_show_what_was_written(tmp_path):
    """Not what YAML makes of it."""
    matrix = GOOD.replace("one", "'r-{length}-{oversold}'") + "matrix: { params: [{ length: 014, oversold: 1.10 }] }\n"
    found = loaded(tmp_path, matrix).strategies[0]
    assert (found.strategy_id, found.params["length"], found.params["oversold"]) == ("r-014-1.10", 14, 1.1)


def test_variables_are_read_alike(tmp_path):
    """As a file of their own."""
    loaded(tmp_path)
    names = {"SUPERVISION__TRADERS": "010", "EXCHANGES__BINANCE__COSTS__TAKER": "0.00100", "DEFAULTS__LAST": "1_000"}
    variables = {f"TRADEFLEET_{name}": value for name, value in names.items()}
    with pytest.raises(
        ConfigurationInvalid, match=r"TRADEFLEET_DEFAULTS__LAST: defaults.last = '1_000': .*; write 1000"
    ):
        load(tmp_path, kinds.load, environ=variables)
    del variables["TRADEFLEET_DEFAULTS__LAST"]
    found = load(tmp_path, kinds.load, environ=variables)
    assert (found.supervision.traders, found.exchanges["binance"].taker) == (10, Decimal("0.001"))
