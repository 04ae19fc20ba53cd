"""What a strategy decides depends on its candles and its configuration, not on who else trades the series."""

import json

import pytest

from strategies.indicators import Indicators
from tests.kit.candles import recorded, window
from tests.kit.rows import rows
from tests.replayed import walked

BTC = "binance__BTC-USDT__1h.csv.gz"
FILE = "strategy_id: {}\nexchange: binance\nsymbol: BTC/USDT\ntimeframe: 1h\ncapital: 1000\n"
SHORT = FILE.format("short") + "strategy: rsi\nwarmup: 40\n"  # RSI(14) of 40 bars is another than of 322
STOPPED = FILE.format("stopped") + "strategy: scalping\nexits: { stop: 2 atr(14) }\nwarmup: 60\n"
RULE = FILE.format("rule") + "strategy: rules\nwarmup: 60\nparams: { entry: atr(14) > 600, exit: ema(50) > close }\n"
LONG = FILE.format("long") + "strategy: trend\n"
TEXTS = [SHORT, STOPPED, RULE, LONG]


@pytest.fixture(scope="module")
def candles(data):
    """Recorded ones."""
    return recorded(data, BTC, 900)


@pytest.fixture(scope="module")
def together(tmp_path_factory, candles):
    """The database in which all of them traded one series."""
    return walked(tmp_path_factory.mktemp("together"), TEXTS, {"BTC/USDT": candles})


def decisions(database, strategy_id):
    """All that a strategy decided and recorded."""
    query = "select timestamp, action, reason, indicators from decisions where strategy_id = ? order by timestamp"
    return rows(database, query, [strategy_id])


@pytest.mark.parametrize("text", TEXTS)
def test_a_strategy_decides_the_same_alone_and_beside_others(tmp_path, candles, together, text):
    """Every decision, its reason and its indicators: whatever windows the others of the series need."""
    alone, strategy_id = walked(tmp_path, [text], {"BTC/USDT": candles}), text.split()[1]
    one, other = decisions(alone, strategy_id), decisions(together, strategy_id)
    assert len(one) > 500
    assert one == other


def test_a_strategy_sees_exactly_its_warm_up(candles, together):
    """RSI of the 40 candles that end with the bar, on every bar."""
    place = {candle.timestamp: number for number, candle in enumerate(candles, 1)}
    found = [(place[row[0]], json.loads(row[3])["rsi_14"]) for row in decisions(together, "short") if row[3] != "{}"]
    assert len(found) > 500
    for end, value in found:
        assert value == Indicators(window(candles[max(0, end - 40) : end]))("rsi", 14)[-1]
