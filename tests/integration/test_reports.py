"""Every figure of the reports against a computation of its own, from the trades and candles alone."""

import math
import shutil
import statistics
from itertools import pairwise

import pytest

from db import statements
from db.market_data import candles
from db.reading import reports
from db.sqlite.connection import connect, connect_readonly
from db.trading import retention
from domain.candles import Series
from fleet import cli
from tests.kit.rows import change, records, seen
from tests.kit.series import DAY, HOUR, START, at
from tests.replayed import STRATEGY, settings, walked, waves
from trader import registration

CALM = STRATEGY.replace("strategy: macd", "strategy: rules").replace(
    "fast: 4, slow: 9, signal: 3", "entry: close > 1000"
)
COUNT = 1_200
HALF = at(700)
CLOSE = {"rel": 1e-9, "abs": 1e-9}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """Two strategies: one under one configuration, one that got another 500 of capital half way."""
    folder = tmp_path_factory.mktemp("reports")
    found = {"BTC/USDT": waves(COUNT), "ETH/USDT": waves(COUNT, phase=2.0)}
    plain = STRATEGY.format(name="plain", symbol="BTC/USDT", capital=1000)
    walked(folder, [plain, STRATEGY.format(name="fed", symbol="ETH/USDT", capital=1000)], found, HALF)
    path = walked(folder, [plain, STRATEGY.format(name="fed", symbol="ETH/USDT", capital=1500)], found)
    change(path, "update decisions set stored_ms = 1, seen_ms = 2, recorded_ms = 3")  # in a replay nobody waits
    return path


def rows(path, view, *ids, since=None):
    """The rows of a view by strategy or run."""
    with connect_readonly(path) as db:
        if since is not None:
            reports.narrow(db, since=since)
        key = "run_id" if view == "run_performance" else "strategy_id"
        return {row[key]: row for row in reports.rows(db, view, ids)}


class Walk:
    """A strategy's life computed from its trades and the candles, with nothing of the views."""

    def __init__(self, path, strategy_id, symbol, deposits=()):
        query = "select * from trades where strategy_id = ? order by trade_id"
        self.trades = records(path, query, (strategy_id,))
        with connect_readonly(path) as db:
            found = candles.between(db, Series("binance", symbol, "1h"), START, 2**40)
        self.bars = found
        self.trips = [self._trip(buy, sell) for buy, sell in zip(self.trades[::2], self.trades[1::2], strict=False)]
        self.equity, self.flows = self._equity(dict(deposits))

    def _trip(self, buy, sell):
        cost = buy["price"] * buy["qty"] + buy["fee_quote"]
        pnl = sell["price"] * sell["qty"] - sell["fee_quote"] - cost
        return {"pnl": pnl, "cost": cost, "bars": (sell["timestamp"] - buy["timestamp"]) // HOUR}

    def _equity(self, deposits):
        """Equity and cumulated capital at every close."""
        cash, qty, paid, by_bar = 1000.0, 0.0, 1000.0, {}
        for trade in self.trades:
            by_bar.setdefault(trade["timestamp"], []).append(trade)
        equity, flows = [], []
        for bar in self.bars:
            cash, paid = cash + deposits.get(bar.timestamp, 0), paid + deposits.get(bar.timestamp, 0)
            for trade in by_bar.get(bar.timestamp, []):
                sign = 1 if trade["side"] == "buy" else -1
                qty += sign * trade["qty"]
                cash -= sign * trade["price"] * trade["qty"] + trade["fee_quote"]
            equity.append((bar.timestamp + HOUR, cash + qty * bar.close))
            flows.append(paid)
        return equity, flows

    def drawdown(self):
        """Largest fall from a peak of profit, deposits apart."""
        peak, worst = 0.0, 0.0
        for (_, equity), paid in zip(self.equity, self.flows, strict=True):
            peak = max(peak, equity - paid)
            worst = max(worst, (peak - (equity - paid)) / (paid + peak))
        return worst

    def days(self):
        """Daily returns between midnights, deposits apart."""
        at = {}
        for (closed, equity), paid in zip(self.equity, self.flows, strict=True):
            at[math.ceil(closed / DAY)] = (equity, paid)
        last = self.equity[-1][0] // DAY
        whole = [value for day, value in sorted(at.items()) if day <= last]
        return [((b - cb) - (a - ca)) / (a + cb - ca) for (a, ca), (b, cb) in pairwise(whole)]


@pytest.fixture(scope="module")
def plain(database):
    """The life of the strategy that was never changed."""
    return Walk(database, "plain", "BTC/USDT")


def test_the_walk_traded(plain):
    """Enough round trips for every figure, won and lost."""
    assert len(plain.trips) > 30
    assert min(trip["pnl"] for trip in plain.trips) < 0 < max(trip["pnl"] for trip in plain.trips)


def test_sums_and_means_of_round_trips(database, plain):
    """Counts, sums, means, best and worst."""
    row = rows(database, "strategy_performance")["plain"]
    pnl = [trip["pnl"] for trip in plain.trips]
    assert row["total_trades"] == len(plain.trades)
    assert (row["round_trips"], row["wins"], row["losses"]) == (
        len(pnl), sum(p > 0 for p in pnl), sum(p < 0 for p in pnl),
    )  # fmt: skip
    expected = {
        "win_rate": sum(p > 0 for p in pnl) / len(pnl),
        "total_pnl": sum(pnl),
        "total_return": sum(pnl) / 1000,
        "avg_pnl": statistics.mean(pnl),
        "avg_return": statistics.mean(trip["pnl"] / trip["cost"] for trip in plain.trips),
        "profit_factor": sum(p for p in pnl if p > 0) / -sum(p for p in pnl if p < 0),
        "best_pnl": max(pnl),
        "worst_pnl": min(pnl),
        "avg_bars": statistics.mean(trip["bars"] for trip in plain.trips),
        "avg_hours": statistics.mean(trip["bars"] for trip in plain.trips),
        "fees": sum(trade["fee_quote"] for trade in plain.trades),
        "sqn": math.sqrt(len(pnl)) * statistics.mean(pnl) / statistics.stdev(pnl),
    }
    assert {name: row[name] for name in expected} == pytest.approx(expected, rel=1e-6, abs=1e-7)


def test_what_the_equity_did(database, plain):
    """Drawdown, Sharpe, Sortino and Calmar from the equity at every close."""
    row = rows(database, "strategy_performance")["plain"]
    days = plain.days()
    mean, down = statistics.mean(days), math.sqrt(sum(min(day, 0) ** 2 for day in days) / len(days))
    first, last = plain.bars[0].timestamp, plain.equity[-1][0]
    growth = (plain.equity[-1][1] / 1000) ** (365 * DAY / (last - first)) - 1
    expected = {
        "max_drawdown": plain.drawdown(),
        "sharpe": mean / statistics.stdev(days) * math.sqrt(365),
        "sortino": mean / down * math.sqrt(365),
        "calmar": growth / plain.drawdown(),
        "equity": plain.equity[-1][1],
    }
    assert {name: row[name] for name in expected} == pytest.approx(expected, rel=1e-7)


def test_exposure_is_candles_held_per_candle_decided(database, plain):
    """Held from the entry bar until the bar before the exit."""
    held = sum(trip["bars"] for trip in plain.trips)
    held += (plain.bars[-1].timestamp - plain.trades[-1]["timestamp"]) // HOUR + 1 if len(plain.trades) % 2 else 0
    row = rows(database, "strategy_performance")["plain"]
    assert row["exposure"] == pytest.approx(held / len(plain.bars), **CLOSE)


def test_a_deposit_is_no_profit(database):
    """Capital put in half way moves neither drawdown nor daily returns."""
    fed = Walk(database, "fed", "ETH/USDT", [(HALF + HOUR, 500.0)])
    row, days = rows(database, "strategy_performance")["fed"], fed.days()
    assert row["max_drawdown"] == pytest.approx(fed.drawdown(), rel=1e-7)
    assert row["sharpe"] == pytest.approx(statistics.mean(days) / statistics.stdev(days) * math.sqrt(365), rel=1e-7)
    assert row["equity"] == pytest.approx(fed.equity[-1][1], rel=1e-9)


def test_runs_share_what_the_strategy_made(database):
    """Round trips belong to the run that opened them, and every one to exactly one run."""
    whole = rows(database, "strategy_performance")["fed"]
    runs = rows(database, "run_performance", "fed")
    assert [row["capital"] for row in runs.values()] == [1000, 1500]
    for name in ("total_trades", "round_trips", "wins", "total_pnl", "fees"):
        assert sum(row[name] for row in runs.values()) == pytest.approx(whole[name], **CLOSE)


def test_a_run_starts_from_the_equity_it_found(database):
    """The drawdown of a later run does not know the peaks before it."""
    fed = Walk(database, "fed", "ETH/USDT", [(HALF + HOUR, 500.0)])
    split = next(place for place, paid in enumerate(fed.flows) if paid == 1500)
    started = fed.equity[split - 1][1] - 1000
    peak, worst = started, 0.0
    for _, equity in fed.equity[split:]:
        peak = max(peak, equity - 1500)
        worst = max(worst, (peak - (equity - 1500)) / (1500 + peak))
    assert rows(database, "run_performance")["fed.2"]["max_drawdown"] == pytest.approx(worst, rel=1e-7)


def test_since_counts_from_a_moment_on(database, plain):
    """Round trips whose last fill is not before it, and equity from the last point before on."""
    since = at(900)
    row = rows(database, "strategy_performance", since=since)["plain"]
    sold = [(t["pnl"], sell["filled_ms"]) for t, sell in zip(plain.trips, plain.trades[1::2], strict=False)]
    closed = [pnl for pnl, filled_ms in sold if filled_ms >= 1000 * since]
    before = [equity for moment, equity in plain.equity if moment <= since][-1]
    peak, worst = before, 0.0
    for moment, equity in plain.equity:
        if moment > since:
            peak = max(peak, equity)
            worst = max(worst, 1 - equity / peak)
    assert row["round_trips"] == len(closed)
    assert row["total_pnl"] == pytest.approx(sum(closed), abs=1e-6)
    assert row["max_drawdown"] == pytest.approx(worst, rel=1e-7)


@pytest.mark.parametrize("hours", range(700, 1200, 25))
def test_the_days_since_a_moment_are_the_profit_since_it(database, hours):
    """`daily_pnl` and `total_pnl` count the same fills."""
    with connect_readonly(database) as db:
        reports.narrow(db, since=at(hours) + 1800)
        days = sum(row["pnl"] for row in reports.rows(db, "daily_pnl", ["plain"]))
        assert reports.rows(db, "strategy_performance", ["plain"])[0]["total_pnl"] == pytest.approx(days, **CLOSE)


def test_who_stays_flat_falls_nowhere(tmp_path):
    """Whole and since a moment the drawdown is 0, of one that decided nothing it is unknown."""
    path = walked(tmp_path, [CALM.format(name="calm", symbol="BTC/USDT", capital=10)], {"BTC/USDT": waves(90)})
    for since in (None, at(45)):
        row = rows(path, "strategy_performance", since=since)["calm"]
        assert [row[name] for name in ("max_drawdown", "exposure", "sharpe")] == [0, 0, None]
    new = walked(tmp_path / "new", [CALM.format(name="calm", symbol="ETH/USDT", capital=10)], {})
    assert rows(new, "strategy_performance")["calm"]["max_drawdown"] is None


def test_a_removed_strategy_that_traded_counts(database, tmp_path, capsys):
    """It keeps its row, with `enabled` 0; the fleet's sums hold it, and people see that it is gone."""
    path = shutil.copy(database, tmp_path / "trading.db")
    with connect(path, any_filesystem=True) as db:
        before = reports.totals(db)[0]
        registration.register(
            db, settings(tmp_path, [STRATEGY.format(name="plain", symbol="BTC/USDT", capital=1000)]), 1
        )
        (total,) = reports.totals(db)
    assert {one: row["enabled"] for one, row in rows(path, "strategy_performance").items()} == {"fed": 0, "plain": 1}
    assert (total["strategies"], total["removed"], total["total_pnl"]) == (2, 1, before["total_pnl"])
    assert cli.main(["report", "--database", str(path)]) == 0
    assert "fed (removed)" in capsys.readouterr().out


def test_days_since_a_moment_are_those_of_the_whole_life(database):
    """`daily_summaries` has all that end after it, the newest of each run too."""
    since = at(900)
    with connect_readonly(database) as db, connect_readonly(database) as whole:
        reports.narrow(db, since=since)
        days = [[tuple(row) for row in reports.rows(each, "daily_summaries")] for each in (db, whole)]
    assert days[0] == [day for day in days[1] if day[2] + DAY > since] != []


def test_since_leaves_the_file_alone(database):
    """Another reader sees the whole life."""
    with connect_readonly(database) as db, connect_readonly(database) as other:
        reports.narrow(db, since=at(900))
        counts = [reports.rows(each, "strategy_performance", ["plain"])[0]["round_trips"] for each in (db, other)]
    assert counts[0] < counts[1]


def test_thinned_equity_says_the_same(tmp_path):
    """Retention changes no report."""
    strategy = STRATEGY.format(name="plain", symbol="BTC/USDT", capital=1000)
    path = walked(tmp_path, [strategy], {"BTC/USDT": waves(COUNT)})
    before = dict(rows(path, "strategy_performance")["plain"])
    with connect(path, any_filesystem=True) as db:
        thinned, done = 0, False
        while not done:
            _, equity, done = retention.step(db, 1000 * at(COUNT), 30, 30)
            thinned += equity
    assert thinned > 0
    assert numbers(rows(path, "strategy_performance")["plain"]) == pytest.approx(numbers(before), rel=1e-12)


def numbers(row):
    """The figures of a row."""
    return {name: value for name, value in dict(row).items() if isinstance(value, int | float)}


def test_totals_are_per_quote(database):
    """The fleet's sums are those of its strategies."""
    with connect_readonly(database) as db:
        (total,) = reports.totals(db)
        each = reports.rows(db, "strategy_performance")
    assert (total["quote"], total["strategies"]) == ("USDT", 2)
    assert total["total_pnl"] == pytest.approx(sum(row["total_pnl"] for row in each), **CLOSE)


def test_daily_profit_adds_up(database):
    """The days of a strategy sum to its profit."""
    with connect_readonly(database) as db:
        days = reports.rows(db, "daily_pnl", ["plain"])
    whole = rows(database, "strategy_performance")["plain"]
    assert sum(row["pnl"] for row in days) == pytest.approx(whole["total_pnl"], **CLOSE)
    assert sum(row["total_trades"] for row in days) == whole["total_trades"]


def test_indicator_values_are_rows(database):
    """What was seen at a decision, by name."""
    with connect_readonly(database) as db:
        names = {row["name"] for row in reports.rows(db, "indicator_values", ["plain"])}
    assert names == {"macd", "macd_signal"}


def test_a_strategy_without_trades_has_a_row(tmp_path):
    """Nothing is undefined but what cannot be defined."""
    path = walked(tmp_path, [STRATEGY.format(name="calm", symbol="BTC/USDT", capital=10)], {"BTC/USDT": waves(15)})
    row = dict(rows(path, "strategy_performance")["calm"])
    assert (row["total_trades"], row["total_pnl"], row["equity"], row["max_drawdown"]) == (0, 0, 10, 0)
    assert {row[name] for name in ("win_rate", "sharpe", "sqn", "profit_factor", "best_pnl")} == {None}


@pytest.mark.parametrize("view", sorted(set(reports.VIEWS) - set(reports.AMONG_ALL)))
@pytest.mark.parametrize("since", [0, at(900)])
def test_one_strategys_report_says_what_the_whole_one_says_of_it(database, view, since):
    """Whatever the view, with and without a moment from which it counts."""
    with connect_readonly(database) as db, connect_readonly(database) as other:
        reports.narrow(db, since=since, strategy_ids=["fed"])
        reports.narrow(other, since=since)
        alone = [tuple(row) for row in reports.rows(db, view)]
        assert alone == [tuple(row) for row in reports.rows(other, view, ["fed"])] != []


@pytest.mark.parametrize("view", sorted(set(reports.VIEWS) - set(reports.AMONG_ALL)))
def test_one_strategys_report_reads_nobody_elses_rows(database, view):
    """SQLite's plan looks each table up by the strategy; none is read from end to end."""
    with connect_readonly(database) as db:
        reports.narrow(db, strategy_ids=["fed", "it's"])
        plan = seen(db, f"explain query plan {statements.statements()[f'reports_{view}']}")
    touched = [row["detail"] for row in plan if " main." in row["detail"]]
    assert touched
    assert [line for line in touched if line.startswith("SCAN")] == []
