"""Invariant 7: the trader bar by bar, and the replay make the same trades."""

import pytest

from db.sqlite.connection import connect
from runtime.stop import Stop
from strategies import kinds
from tests.kit.rows import rows
from tests.kit.series import HOURLY, at
from tests.replayed import waves
from tests.trading import SeriesAdvance, assigned, candles, opened, take
from trader import replay

COUNT = 400
KINDS = """\
strategy_id: {kind}
exchange: binance
symbol: BTC/USDT
timeframe: 1h
strategy: {kind}
params: {params}
capital: 1000
stake: {{ fraction: 0.5 }}
exits: {exits}
warmup: 40
"""
STRATEGIES = (
    KINDS.format(kind="rsi", params="{ length: 4, oversold: 40, overbought: 60 }", exits="{ trailing: 0.02 }"),
    KINDS.format(kind="macd", params="{ fast: 4, slow: 9, signal: 3 }", exits="{ stop: 0.02, target: 0.03 }"),
    KINDS.format(
        kind="trend", params="{ entry_length: 8, exit_length: 4 }", exits="{ stop: 1.5 atr(5), check: intrabar }"
    ),
    KINDS.format(kind="scalping", params="{ trend_length: 20, oversold: 30 }", exits="{ max_bars: 6 }"),
)
PATIENT = "supervision: { lease: 3600 }\n"  # nobody renews it here, however slow the machine is
TRADES = (
    "select strategy_id, client_order_id, side, price, qty, fee, pnl, timestamp, round_trip from trades"
    " order by strategy_id, timestamp, trade_id"
)
DECISIONS = "select strategy_id, timestamp, action, reason, indicators from decisions order by 1, 2"


@pytest.fixture
def databases(tmp_path):
    """One in which four strategies decided candle by candle as they came in, and that of a replay of it."""
    settings, db = opened(tmp_path, *STRATEGIES, more=PATIENT)
    with db:
        made = None
        for number, candle in enumerate(waves(COUNT)):
            candles.store(db, HOURLY, [candle], 0, 1)
            made = made or assigned(settings, db)
            take(made, SeriesAdvance(series=HOURLY, now_ms=1000 * at(number + 1), stored_ms=1))
        copy = tmp_path / "copy.db"
        replay.run(settings, kinds.load(), replay.Part([], 0, 2**40), copy, Stop())
        with connect(copy, any_filesystem=True) as other:
            yield db, other


def test_replay_and_trader_make_the_same_trades_and_decisions(databases):
    """To the last digit, with every kind of exit, under the same names of orders; what was traded before counts for
    nothing.
    """
    one, other = ((rows(db, TRADES), rows(db, DECISIONS)) for db in databases)
    assert len(one[0]) > 40
    assert {trade[0] for trade in one[0]} == {"rsi", "macd", "trend", "scalping"}
    assert one == other
