"""kill -9 of backfiller and traders while they work: nothing lost, nothing doubled, no hand needed.

The number of kills is KILLS in the environment, 24 without it.
"""

import os
import random
import signal
import time
from decimal import Decimal

import pytest

from db.reading import status
from db.sqlite.connection import connect_readonly
from domain.candles import Series
from domain.money import decimal
from tests.backfilling import fleet, simulator, stored, unexplained, until
from tests.fleet_processes import begin
from tests.kit.rows import rows

KILLS = int(os.environ.get("KILLS", "24"))
STRATEGY = """\
strategy_id: {kind}-{{base}}-{{timeframe}}
exchange: binance
strategy: {kind}
params: {params}
warmup: 30
capital: 1000
matrix: {{ symbol: [BTC/USDT, ETH/USDT], timeframe: [1m, 5m] }}
"""
KINDS = {
    "rsi": "{ length: 4, oversold: 40, overbought: 55 }",
    "macd": "{ fast: 3, slow: 7, signal: 3 }",
    "trend": "{ entry_length: 5, exit_length: 3 }",
}
ROOMS = ("backfiller", "trader", "trader")


@pytest.fixture(scope="module")
def survivor(tmp_path_factory):
    """The settings of a fleet that was killed many times and then left in peace for a while."""
    folder, dice = tmp_path_factory.mktemp("kills"), random.Random(1)
    (folder / "strategies").mkdir()
    for kind, params in KINDS.items():
        (folder / "strategies" / f"{kind}.yaml").write_text(STRATEGY.format(kind=kind, params=params))
    with simulator(speed=60.0) as running:
        settings = fleet(folder, running, "binance BTC/USDT 1m 400", "kraken ETH/USD 5m 300")
        processes = [begin(settings, room) for room in ROOMS]
        try:
            for _ in range(KILLS):
                time.sleep(dice.uniform(0.2, 1.2))
                place = dice.randrange(len(ROOMS))
                processes[place].send_signal(signal.SIGKILL)
                processes[place].wait()
                processes[place] = begin(settings, ROOMS[place])
            until(lambda: caught_up(settings) and all_beat(settings, processes) and has_traded(settings), 120)
        finally:
            for process in processes:
                process.terminate()
            statuses = [process.wait(60) for process in processes]
    return settings, statuses


def caught_up(settings):
    """Every strategy has decided the newest candle of its series."""
    with connect_readonly(settings.database) as db:
        rows = status.strategies(db)
    return len(rows) == 12 and all(row["decided_timestamp"] == row["last_timestamp"] for row in rows)


def has_traded(settings):
    """There is something to add up. On a busy machine most entries come too late, and are not made."""
    return rows(settings.database, "select count(*) from trades")[0][0] > KILLS / 5


def all_beat(settings, processes):
    """Every process has told that it lives, so that it hears when it is asked to stop."""
    beating = {pid for (pid,) in rows(settings.database, "select pid from workers")}
    return beating.issuperset(process.pid for process in processes)


def test_the_file_is_sound(survivor):
    """SQLite finds nothing wrong, no reference dangles, and the last SIGTERM drained everybody."""
    settings, statuses = survivor
    assert rows(settings.database, "pragma integrity_check") == [("ok",)]
    assert rows(settings.database, "pragma foreign_key_check") == []
    assert statuses == [0, 0, 0]


def test_no_candle_is_lost(survivor):
    """Every bar between the oldest and the newest is stored or in a gap."""
    settings, _ = survivor
    for each in settings.series:
        found = stored(settings, each.series)
        assert len(found) > 250
        assert not unexplained(settings, each.series, found[0].timestamp, found[-1].timestamp)


def test_every_candle_is_decided_once(survivor):
    """From the first that a strategy decided to the last, without a hole."""
    settings, _ = survivor
    found = rows(
        settings.database,
        "select s.strategy_id, s.symbol, s.timeframe, count(*), min(d.timestamp), max(d.timestamp) from decisions d"
        " join strategies s using (strategy_id) group by 1",
    )
    assert len(found) == 12
    for _, symbol, timeframe, count, first, last in found:
        series = Series("binance", symbol, timeframe)
        between = [candle for candle in stored(settings, series) if first <= candle.timestamp <= last]
        assert count == len(between)


def test_positions_are_the_fold_of_trades(survivor):
    """Cash and cost are the capital and what was realised, to the last digit."""
    settings, _ = survivor
    traded = rows(
        settings.database, "select strategy_id, side, qty, fee, fee_currency, pnl from trades order by trade_id"
    )
    for strategy_id, qty, cost, cash, realised in rows(
        settings.database, "select strategy_id, qty, cost, cash, realised_pnl from positions"
    ):
        held, profit = Decimal(0), Decimal(0)
        for one, side, amount, fee, currency, pnl in traded:
            if one == strategy_id:
                in_base = currency != "USDT" and side == "buy"
                held += (decimal(amount) - (decimal(fee) if in_base else 0)) * (1 if side == "buy" else -1)
                profit += decimal(pnl or 0)
        assert (decimal(qty), decimal(realised)) == (held, profit)
        assert decimal(cash) + decimal(cost) == 1000 + decimal(realised)


def test_orders_and_trades_are_one_to_one(survivor):
    """Nothing was traded twice, nothing was ordered for nothing."""
    settings, _ = survivor
    orders = rows(settings.database, "select client_order_id from orders order by 1")
    assert orders == rows(settings.database, "select client_order_id from trades order by 1")
    assert (
        len(orders) == rows(settings.database, "select count(*) from decisions where action in ('enter', 'exit')")[0][0]
    )
