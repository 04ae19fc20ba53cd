"""How many series a request budget brings in time, by hand: one request a series, an entry is stale after a quarter of
the bar or 300 s, less 2 s until a bar counts as closed and 1 s over which requests are spread.
"""

import pytest

from fleet.budgets import loads, row, stale, warning
from tests.unit.test_config import GOOD, loaded


def fleet(folder, exchange, *frames, coins=1, more=""):
    """A fleet with strategies on so many coins, on each of these timeframes."""
    symbols = ", ".join(f"C{number:03}/USDT" for number in range(coins))
    lines = [line for line in GOOD.splitlines() if line.partition(":")[0] not in {"symbol", "timeframe", "exchange"}]
    matrix = f"exchange: {exchange}\nmatrix: {{ symbol: [{symbols}], timeframe: [{', '.join(frames)}] }}\n"
    return loaded(folder, "\n".join(lines) + "\n" + matrix, more)


@pytest.mark.parametrize(
    ("exchange", "frame", "in_time"),
    [
        ("kraken", "1m", 12),  # 1 request a second, 15 s
        ("coinbase", "1m", 60),  # 5
        ("binance", "1m", 120),  # 10
        ("kraken", "5m", 72),  # 75 s
        ("kraken", "1h", 297),  # 300 s
        ("kraken", "1d", 297),
        ("bitfinex", "1m", 4),  # 4.8
    ],
)
def test_what_a_budget_brings_in_time(tmp_path, exchange, frame, in_time):
    """And who comes later than that, in the order in which they are asked for."""
    settings = fleet(tmp_path, exchange, frame, coins=in_time + 2)
    (load,) = loads(settings, {})
    assert (load.timeframe, load.in_time, load.configured) == (frame, in_time, in_time + 2)
    assert [series.symbol for series in load.late] == [f"C{number:03}/USDT" for number in (in_time, in_time + 1)]
    assert stale(load, settings, {}) == [f"one-c{number:03}-usdt-{frame}" for number in (in_time, in_time + 1)]
    settings = fleet(tmp_path, exchange, frame, coins=in_time)
    assert [each.late for each in loads(settings, {})] == [()]


def test_shorter_bars_go_first(tmp_path):
    """At a full hour both are asked for: nine short ones leave a long one its time."""
    settings = fleet(tmp_path, "kraken", "1m", "1h", coins=9)
    short, long = loads(settings, {})
    assert (short.configured, short.late, long.configured, long.late) == (9, (), 18, ())
    assert (row(short)["late"], row(short)["seconds"], row(long)["seconds"]) == (0, 15, 300)


def test_what_is_configured_counts(tmp_path):
    """The rate and the wait of the exchange's own settings; what no request can bring in time is none."""
    slow = "exchanges: { kraken: { rate: 0.5, settle: 4 } }\n"
    (load,) = loads(fleet(tmp_path, "kraken", "1m", coins=6, more=slow), {})
    assert (load.rate, load.in_time, len(load.late)) == (0.5, 5, 1)
    never = "exchanges: { kraken: { settle: 60 } }\n"
    settings = fleet(tmp_path, "kraken", "1m", coins=2, more=never)
    (load,) = loads(settings, {})
    assert (load.in_time, len(load.late)) == (0, 2)
    assert "2 of 2 series come too late at every bar of 1m" in warning(load, settings).reason


def test_what_is_made_from_finer_bars_costs_theirs(tmp_path):
    """Coinbase lacks 4h: two strategies of a coin cost one series; they are late where that is."""
    slow = "exchanges: { coinbase: { rate: 0.01 } }\n"
    settings = fleet(tmp_path, "coinbase", "1h", "4h", coins=3, more=slow)
    offered = {"coinbase": frozenset({"1m", "1h", "1d"})}
    (load,) = loads(settings, offered)
    assert (load.timeframe, load.configured, load.in_time) == ("1h", 3, 2)
    assert stale(load, settings, offered) == ["one-c002-usdt-1h", "one-c002-usdt-4h"]
