"""What is well formed and hardly meant is told with its line, and stops nobody."""

import ccxt
import pytest

from config.implausible import NAMES
from config.load import load
from domain.timeframes import UNITS
from strategies import kinds
from tests.unit.test_config import GOOD, HOUSE, loaded

FEE = "exchanges: {{ kraken: {{ costs: {{ {} }} }} }}"


def warned(folder, text, fleet=""):
    """The warnings of one strategy and its fleet.yaml."""
    found = loaded(folder, text, fleet)
    return [*found.warnings, *(each for one in found.strategies for each in one.warnings)]


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        ("exits: { target: 10 }", "exits.target", "is 1,000 % of the entry price: write 0.1 where 10 % is meant"),
        ("exits: { target: 3 }", "exits.target", "is 300 % of the entry price: write 0.03 where 3 % is meant"),
        ("exits: { stop: 0.5 }", "exits.stop", "is 50 % of the entry price: write 0.005 where 0.5 % is meant"),
        ("exits: { trailing: 0.9 }", "exits.trailing", "is 90 %"),
        ("exits: { target: 50 atr(20) }", "exits.target", "50 times the usual range"),
        ("exits: { stop: 0.003 }", "exits.stop", "within the costs of a round trip (0.3 %)"),
        ("exits: { stop: 0.2, trailing: 0.1 }", "exits.stop", "is never reached: the trailing stop (0.1)"),
        ("exits: { stop: 0.05 }\nstake: { risk: 0.5 }", "stake", "loses 50 % of the equity at each stop"),
    ],
)
def test_a_strategy_that_is_hardly_meant(tmp_path, change, key, words):
    """By its key and line, with what to write."""
    (found,) = warned(tmp_path, f"{GOOD}{change}\n")
    assert (found.key, found.line) == (key, 7 + change.partition(key.partition(".")[0])[0].count("\n"))
    assert words in found.reason


@pytest.mark.parametrize("change", ["target: 0.9", "target: 20 atr(20)", "stop: 0.05, trailing: 0.05", "stop: 0.49"])
def test_what_may_be_meant_is_not_told(tmp_path, change):
    """Large, but not beyond reason."""
    assert warned(tmp_path, f"{GOOD}exits: {{ {change} }}\n") == []


@pytest.mark.parametrize(
    ("costs", "key", "words"),
    [
        ("taker: 0.1", "taker", "takes 10 % of each fill: write 0.001 where 0.1 % is meant"),
        ("maker: 0.02", "maker", "takes 2 %"),
        ("slippage_bps: 0.0005", "slippage_bps", "counted in basis points"),
        ("slippage_bps: 500", "slippage_bps", "moves each fill by 5 %"),
    ],
)
def test_costs_in_another_unit(tmp_path, costs, key, words):
    """Per cent where fractions belong, fractions where basis points do."""
    (found,) = warned(tmp_path, GOOD, FEE.format(costs))
    assert (found.key, found.line) == (f"exchanges.kraken.costs.{key}", 1)
    assert words in found.reason


def test_bars_that_no_exchange_has(tmp_path):
    """Of a strategy and of a series to keep."""
    series = "series:\n  - { exchange: binance, symbol: BTC/USDT, timeframe: [1h, 7m] }\n"
    found = warned(tmp_path, GOOD.replace("1h", "90m"), series)
    assert [(each.line, each.key) for each in found] == [(2, "series.timeframe"), (4, "timeframe")]
    assert "no exchange has 7m: its bars are made from finer ones; usual are 5m and 10m" in found[0].reason


def test_the_bars_that_exchanges_have():
    """As ccxt knows them, of all its exchanges; months and seconds are none of ours."""
    known = {name for each in ccxt.exchanges for name in getattr(ccxt, each)().timeframes or ()}
    assert {name for name in known if name[-1] in UNITS} == NAMES


@pytest.mark.parametrize("folder", ["config", "config/demo"])
def test_what_is_shipped_is_meant(folder):
    """Nothing in it is warned of."""
    found = load(HOUSE / folder, kinds.load, environ={})
    assert [*found.warnings, *(each for one in found.strategies for each in one.warnings)] == []


def test_a_warning_of_a_matrix_stands_at_its_entry(tmp_path):
    """And with the strategies that it is of."""
    matrix = GOOD.replace("timeframe: 1h\n", "") + "matrix:\n  timeframe:\n    - 1h\n    - 7m\n"
    assert [(each.line, each.key) for each in warned(tmp_path, matrix)] == [(9, "timeframe")]


def test_files_that_are_not_read_are_told(tmp_path):
    """Windows hides an ending, others write it large or make a folder for each coin; notes are left alone."""
    loaded(tmp_path)
    for name in ("b.yaml.txt", "c.YAML", "notes.txt", ".d.YAML"):
        (tmp_path / "strategies" / name).write_text(GOOD)
    (tmp_path / "strategies" / "btc").mkdir()
    found = warned(tmp_path, GOOD)
    assert [each.file.rpartition("/")[2] for each in found] == ["b.yaml.txt", "btc", "c.YAML"]
    assert all("is not read: its" in each.reason for each in found)
