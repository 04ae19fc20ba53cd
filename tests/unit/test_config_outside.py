"""Configuration that nobody sane wrote: each ends in complaints with file and line, never in a crash or a wait."""

import os
import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from config.complaints import ConfigurationInvalid
from config.load import load
from config.source import parsed
from strategies import kinds
from strategies.rule_parser import RuleInvalid, parse
from tests.unit.test_config import GOOD, HOUSE, complaints, loaded

ALIASES = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
)
MATRIX = GOOD.replace("symbol: BTC/USDT\n", "").replace("one", "'{}'") + "matrix: {{ symbol: [BTC/USDT] }}\n"
HUGE = "".join(
    f"  {axis}: [{', '.join(cell.format(n) for n in range(2, 302))}]\n"
    for axis, cell in {"symbol": "A{}/B", "timeframe": "{}m", "params": "{{length: {}}}"}.items()
)


@pytest.mark.parametrize("text", ["[" * 100_000, "a: " + "{" * 100_000, "- " * 100_000, "? " * 100_000])
def test_depth_does_not_end_the_process(tmp_path, text):
    """Tried in another process: it used to die of a stack that overflowed."""
    (tmp_path / "fleet.yaml").write_text(text)
    code = "import sys, config.source as s; f = sys.argv[1]; print(s.parse(f, open(f).read()).complaints[0])"
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "fleet.yaml"], cwd=HOUSE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "fleet.yaml:1: YAML: more than" in done.stdout


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("\nany_filesystem: !!bool maybe", 2, "tags"),
        ("\ndefaults: { last: !!int 5 }", 2, "tags"),
        ("\ndefaults: { last: !!timestamp x }", 2, "tags"),
        ("\ndefaults: { last: 2020-99-99 }", 2, "whole number"),
        ("\ndefaults: { last: " + "9" * 400 + " }", 2, "more than 100 characters"),
        ("\ndefaults: { last: " + ":".join(["59"] * 3000) + " }", 2, "whole number"),
        ("\ndatabase: !!seq x", 2, "tags"),
        ("\ndatabase: !hunter2 x", 2, "tags"),
        ("\ndatabase: " + "a" * 20_000, 2, "more than 10,000 characters"),
        ("\n? [a, b]\n: 1", 2, "a key must be"),
        ("a: &a { x: 1 }\nb: { <<: *a }", 2, "a key must be"),
        ("a: &x [*x]", 1, "levels"),
        ("a: 1\nb: \0", 2, "0x00"),
        ("a: 1\nb: \x1b[31m", 2, "0x1b"),
        ("\n".join(f"%TAG !{n}! a{n}" for n in range(20)), 11, "directives"),
        ("[" + "1," * 300_000 + "]", 1, "values"),
        (ALIASES, 1, "values"),
        ("a: " + "x" * 2_000_000, 0, "longer than"),
    ],
)
def test_what_no_file_may_hold(tmp_path, text, line, words):
    """File and line, and no other complaint."""
    (found,) = complaints(tmp_path, fleet=text)
    assert (found.file, found.line) == (str(tmp_path / "fleet.yaml"), line)
    assert words in found.reason
    assert "hunter2" not in str(found)


def test_what_is_no_text_is_told_with_its_line(tmp_path):
    """Bytes that are no UTF-8."""
    loaded(tmp_path)
    (tmp_path / "fleet.yaml").write_bytes(b"\n\ndatabase: \xff\n")
    with pytest.raises(ConfigurationInvalid, match=r"fleet.yaml:3: file: is no UTF-8"):
        load(tmp_path, kinds.load, environ={})


@pytest.mark.parametrize("name", ["fleet.yaml", "strategies/x.yaml"])
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_file_is_not_waited_for(tmp_path, name, make):
    """A pipe, a folder, a device."""
    loaded(tmp_path)
    (tmp_path / "fleet.yaml").unlink()
    make(tmp_path / name)
    with pytest.raises(ConfigurationInvalid, match=r"is no regular file|Is a directory"):
        load(tmp_path, kinds.load, environ={})


def test_files_of_editors_are_none_of_the_configuration(tmp_path):
    """Emacs' lock, which leads nowhere, what a Mac keeps beside a file, and copies of other names."""
    loaded(tmp_path)
    (tmp_path / "strategies" / ".#one.yaml").symlink_to("me@host.1:1")
    (tmp_path / "strategies" / "._one.yaml").write_bytes(b"\0\5\x16\7\xff")
    for name in ("one.yaml~", "#one.yaml#", ".one.yaml.swp"):
        (tmp_path / "strategies" / name).write_text("nonsense")
    assert [each.strategy_id for each in load(tmp_path, kinds.load, environ={}).strategies] == ["one"]


@pytest.mark.parametrize("name", ["fleet.yml", "Fleet.YAML", "fleet.yaml.txt"])
def test_a_fleet_file_of_another_name_is_told(tmp_path, name):
    """With its database, environment and costs it would be left out in silence."""
    loaded(tmp_path)
    (tmp_path / "fleet.yaml").rename(tmp_path / name)
    with pytest.raises(ConfigurationInvalid, match=f"{name}: file: is not read: call it fleet.yaml"):
        load(tmp_path, kinds.load, environ={})


@pytest.mark.parametrize(
    ("fleet", "key", "words"),
    [
        ("exchanges: { binance: { min_cost: '1e999999999' } }", "exchanges.binance.min_cost", "15 digits"),
        ("exchanges: { binance: { min_cost: '1e-999999999' } }", "exchanges.binance.min_cost", "15 digits"),
        ("exchanges: { binance: { min_cost: .nan } }", "exchanges.binance.min_cost", "15 digits"),
        ("exchanges: { binance: { rate: .inf } }", "exchanges.binance.rate", "from 0.01"),
        ('database: "a\\0b"', "database", "control characters"),
        (f"plugins: [{'a' * 300}]", "plugins", "255 bytes"),
        ("database: postgresql://me:hunter2@db/x", "database", "not an address"),
        ("exchanges: { binance: { base_url: 'https://me:hunter2@x.test' } }", "exchanges.binance.base_url", "password"),
        (
            "exchanges: { binance: { base_url: 'https://x.test/?hunter2=hunter2' } }",
            "exchanges.binance.base_url",
            "query",
        ),
    ],
)
def test_values_that_would_take_memory_or_carry_secrets(tmp_path, fleet, key, words):
    """Each is a complaint at its key; a password in an address is not repeated."""
    (found,) = complaints(tmp_path, fleet=fleet)
    assert (found.key, found.line) == (key, 1)
    assert words in found.reason
    assert "hunter2" not in str(found)


@pytest.mark.parametrize(
    "template",
    ["{base:>2000000000}", "{base.__class__}", "{base[0]}", "{base!r}", "{base", "}", "{}", "x" * 300 + "{base}"],
)
def test_a_template_holds_names_only(tmp_path, template):
    """No widths, attributes, places or conversions."""
    found = complaints(
        tmp_path, MATRIX.format(template.replace("{", "{{").replace("}", "}}")).replace("{{", "{").replace("}}", "}")
    )
    assert "may hold {exchange}" in found[0].reason
    assert (found[0].key, found[0].line) == ("strategy_id", 1)


def test_a_matrix_is_counted_before_it_is_made(tmp_path):
    """The number is told."""
    matrix = GOOD.replace("symbol: BTC/USDT\ntimeframe: 1h\n", "") + f"matrix:\n{HUGE}"
    (found,) = complaints(tmp_path, matrix)
    assert (found.key, found.line) == ("matrix", 5)
    assert "27,000,000" in found.reason


def test_a_mistake_in_every_cell_is_told_once(tmp_path):
    """Not a hundred times the same line."""
    symbols = ", ".join(f"A{n}/USDT" for n in range(100))
    matrix = GOOD.replace("symbol: BTC/USDT\n", f"matrix: {{ symbol: [{symbols}] }}\n").replace("1000", "-1")
    with pytest.raises(ConfigurationInvalid, match=r"^1 mistake in"):
        loaded(tmp_path, matrix)


@pytest.mark.parametrize(
    "rule",
    [
        "close > " + "9" * 400,
        "close > 1e400",
        "not " * 240 + "close > 1",
        "-" * 990 + "1 > close",
        "close" + "[1]" * 300 + " > 1",
        "(" * 490 + "1" + ")" * 490,
        "[" * 100_000,
        "close > \ud800",
        "pwma(10000) > 1",
        "inertia(400, 400, 400) > 1",
    ],
)
def test_rules_that_go_too_far(rule):
    """They are refused, whatever Python's own parser thinks of them."""
    with pytest.raises(RuleInvalid):
        parse(rule)


@settings(max_examples=300, deadline=None)
@given(some.text(alphabet=some.sampled_from("close> <=1e9()[]{}.,+-*/'\"\\norsma#\x00\n\ud800é_"), max_size=80))
@example("'\\d' > close")
def test_whatever_a_rule_says_only_one_thing_is_raised(rule):
    """RuleInvalid, or it is a condition."""
    with suppress(RuleInvalid):
        assert parse(rule).lookback >= 0


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    some.text(
        alphabet=some.sampled_from("a: -[]{}&*!|>'\"%@`?,#\n\t0123456789.eE~<=\x00\x85\ufeffbintolrd"), max_size=120
    )
)
@example("!!bool")
@example("!!float ''")
@example("<<: 1")
def test_whatever_yaml_says_is_a_value_or_a_complaint(text):
    """The scanner, the composer and the constructor raise many things."""
    found = parsed(text, "x.yaml")
    assert all(each.file == "x.yaml" and each.reason for each in found.complaints)


@pytest.mark.parametrize("value", ["[" * 100_000, "!!bool maybe", "9" * 5000, "{"])
def test_a_variable_that_is_no_yaml_is_a_text(tmp_path, value):
    """It ends in a complaint that names the variable."""
    loaded(tmp_path)
    with pytest.raises(ConfigurationInvalid, match="TRADEFLEET_SUPERVISION__TRADERS"):
        load(tmp_path, kinds.load, environ={"TRADEFLEET_SUPERVISION__TRADERS": value})
