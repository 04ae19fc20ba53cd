"""The reports against backtesting.py 0.6.6: its trades and its equity, our figures."""

import csv
import gzip
import json
import math
import statistics
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise

import pytest

from db.reading import reports
from db.sqlite.connection import connect, connect_readonly
from db.sqlite.migrate import migrate
from db.trading import filling
from tests.kit.rows import seen

NAME = "shared_binance_BTC-USDT_1d_SmaCrossLong_20_50_commission001"
CAPITAL = 1_000_000


def opened(date):
    """The open of the daily bar of an ISO date."""
    return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp())


@pytest.fixture(scope="module")
def figures(data, tmp_path_factory):
    """What backtesting.py says, and what our report says of the same trades and equity."""
    folder = data / "backtests"
    path = tmp_path_factory.mktemp("backtesting") / "trading.db"
    migrate(path, "real", any_filesystem=True)
    with (folder / f"{NAME}_trades.csv").open() as trades, gzip.open(folder / f"{NAME}_equity.csv.gz", "rt") as equity:
        _fill(path, list(csv.DictReader(trades)), list(csv.DictReader(equity)))
    with connect_readonly(path) as db:
        ours = reports.rows(db, "strategy_performance")[0]
    return json.loads((folder / f"{NAME}_stats.json").read_text()), ours


def _fill(path, trades, equity):
    """The tables as a trader would have left them."""
    last = opened(equity[-1]["timestamp"])
    with connect(path, any_filesystem=True) as db, db.write() as tx:
        run = partial(seen, tx)
        run(
            "insert into strategies (strategy_id, exchange, symbol, timeframe, mode, kind, quote, capital, run_id)"
            " values ('sma', 'binance', 'BTC/USDT', '1d', 'paper', 'rules', 'USDT', ?, 'sma.1')",
            (CAPITAL,),
        )
        run(
            "insert into strategy_totals (strategy_id, decided_timestamp, equity, open_pnl) values ('sma', ?, 0, 0)",
            (last,),
        )
        run(f"insert into runs values ('sma.1', 'sma', 0, {CAPITAL}, '{{}}')")
        cash = float(equity[-1]["Equity"])
        columns, pnl = "strategy_id, qty, cost, cash, realised_pnl, round_trip", cash - CAPITAL
        run(f"insert into positions ({columns}) values ('sma', 0, 0, ?, ?, 19)", (cash, pnl))
        for number, trade in enumerate(trades, 1):
            _round_trip(run, number, trade)
        for row in equity:
            worth = float(row["Equity"])
            run(
                "insert into equity (strategy_id, timestamp, run_id, cash, qty, close, equity, profit)"
                " values ('sma', ?, 'sma.1', ?, 0, 1, ?, ?)",
                (opened(row["timestamp"]), worth, worth, round(worth - CAPITAL, 8)),
            )
        held = sum(int(trade["ExitBar"]) - int(trade["EntryBar"]) for trade in trades)
        run(
            "insert into run_totals (run_id, strategy_id, decided, held) values ('sma.1', 'sma', ?, ?)",
            (len(equity), held),
        )
        filling.fill(tx)


def _round_trip(run, number, trade):
    """An entry and an exit, half the commission each."""
    fee, qty = float(trade["Commission"]) / 2, float(trade["Size"])
    for side, price, date, pnl in (
        ("buy", trade["EntryPrice"], trade["EntryTime"], None),
        ("sell", trade["ExitPrice"], trade["ExitTime"], float(trade["PnL"])),
    ):
        order, bar, cost = f"{side}{number}", opened(date), float(price) * qty + fee
        run(
            "insert into orders (client_order_id, strategy_id, run_id, epoch, mode, exchange, symbol, timestamp,"
            " purpose, side, price, qty, status, reason, created_ms) values"
            " (?, 'sma', 'sma.1', 1, 'paper', 'binance', 'BTC/USDT', ?, ?, ?, ?, ?, 'filled', '', 0)",
            (order, bar, "entry" if side == "buy" else "exit", side, float(price), qty),
        )
        run(
            "insert into trades (strategy_id, mode, run_id, client_order_id, exchange, symbol, side, price, qty,"
            " fee, fee_currency, fee_quote, pnl, cost, timestamp, filled_ms, round_trip, entry_run_id, epoch, "
            "exchange_trade_id) values ('sma', 'paper', 'sma.1', ?, 'binance', 'BTC/USDT', ?, ?, ?, ?, 'USDT', ?, ?, ?,"
            " ?, ?, ?, 'sma.1', 1, '1')",
            (order, side, float(price), qty, fee, fee, pnl, cost, bar, bar * 1000, number),
        )


@pytest.mark.parametrize(
    ("ours", "theirs", "scale"),
    [
        ("round_trips", "# Trades", 1),
        ("win_rate", "Win Rate [%]", 100),
        ("total_return", "Return [%]", 100),
        ("max_drawdown", "Max. Drawdown [%]", -100),
        ("sqn", "SQN", 1),
        ("equity", "Equity Final [$]", 1),
    ],
)
def test_where_both_mean_the_same_both_say_the_same(figures, ours, theirs, scale):
    """To nine digits."""
    stats, row = figures
    assert row[ours] * scale == pytest.approx(stats[theirs], rel=1e-9)


def test_where_the_definitions_differ_ours_are_those_of_the_page(figures, data):
    """docs/metrics.md shows both values."""
    _, row = figures
    with gzip.open(data / "backtests" / f"{NAME}_equity.csv.gz", "rt") as file:
        equity = [float(each["Equity"]) for each in csv.DictReader(file)]
    days = [after / before - 1 for before, after in pairwise(equity)]
    mean, down = statistics.mean(days), math.sqrt(sum(min(day, 0) ** 2 for day in days) / len(days))
    assert row["sharpe"] == pytest.approx(mean / statistics.stdev(days) * math.sqrt(365), rel=1e-9)
    assert row["sortino"] == pytest.approx(mean / down * math.sqrt(365), rel=1e-9)
    assert [round(row[name], 4) for name in ("sharpe", "sortino", "profit_factor")] == [0.3412, 0.5046, 1.3576]
