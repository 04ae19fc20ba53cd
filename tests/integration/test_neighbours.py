"""What a strategy decides depends on its candles and its configuration, not on who else trades the series."""

import sqlite3
from contextlib import closing

import pytest

from tests.candle_files import recorded
from tests.replayed import walked

BTC = "binance__BTC-USDT__1h.csv.gz"
FILE = "strategy_id: {}\nexchange: binance\nsymbol: BTC/USDT\ntimeframe: 1h\ncapital: 1000\n"
SHORT = FILE.format("short") + "strategy: rsi\nwarmup: 40\n"  # RSI(14) of 40 bars is another than of 322
STOPPED = FILE.format("stopped") + "strategy: scalping\nexits: { stop: 2 atr(14) }\nwarmup: 60\n"
RULE = FILE.format("rule") + "strategy: rules\nwarmup: 60\nparams: { entry: atr(14) > 600, exit: ema(50) > close }\n"
OTHERS = [FILE.format("trend") + "strategy: trend\n", FILE.format("macd") + "strategy: macd\n"]


def decisions(database, strategy_id):
    """All that a strategy decided and recorded."""
    with closing(sqlite3.connect(database)) as db:
        query = "select timestamp, action, reason, indicators from decisions where strategy_id = ? order by timestamp"
        return db.execute(query, [strategy_id]).fetchall()


@pytest.mark.parametrize("text", [SHORT, STOPPED, RULE])
def test_a_strategy_decides_the_same_alone_and_beside_others(tmp_path, data, text):
    """Every decision, its reason and its indicators: whatever windows the others of the series need."""
    strategy_id = text.split()[1]
    found = {"BTC/USDT": recorded(data, BTC, 900)}
    alone = walked(tmp_path / "alone", [text], found)
    beside = walked(tmp_path / "beside", [text, *OTHERS], found)
    one, other = decisions(alone, strategy_id), decisions(beside, strategy_id)
    assert len(one) > 500
    assert one == other
