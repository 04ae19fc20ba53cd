"""The reports of an owner (months, drawdowns, exposure, overlap, exit reasons, holding the coin) from rows alone."""

import json
import shutil
from collections import Counter, defaultdict
from datetime import UTC, datetime

import pytest

from db.reading import reports
from db.sqlite.connection import connect_readonly
from fleet.cli import main as fleet
from fleet.render import text
from tests.kit.rows import change, records, rows, script
from tests.kit.series import DAY, HOUR, at
from tests.replayed import STRATEGY, walked, waves

COUNT = 2_400
HALF = at(1_300)
NEAR = {"rel": 1e-9, "abs": 1e-9}
BTC = {"symbol": "BTC/USDT", "capital": 1000}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """Three strategies over a hundred days, two on the same coin; one got another 500 of capital half way."""
    folder = tmp_path_factory.mktemp("portfolio")
    found = {"BTC/USDT": waves(COUNT), "ETH/USDT": waves(COUNT, phase=2.0)}
    same = [STRATEGY.format(name="one", **BTC), STRATEGY.format(name="two", **BTC).replace("fast: 4", "fast: 6")]
    walked(folder, [*same, STRATEGY.format(name="fed", symbol="ETH/USDT", capital=1000)], found, HALF)
    path = walked(folder, [*same, STRATEGY.format(name="fed", symbol="ETH/USDT", capital=1500)], found)
    change(path, "update decisions set stored_ms = 1, seen_ms = 2, recorded_ms = 3")  # in a replay nobody waits
    return path


@pytest.fixture(scope="module")
def curves(database):
    """The equity of each strategy at every close at which it moved: (closed, profit, capital)."""
    query = "select e.*, r.capital from equity e join runs r using (run_id) order by e.timestamp"
    found = defaultdict(list)
    for row in stored(database, query):
        found[row["strategy_id"]].append((row["timestamp"] + HOUR, row["equity"] - row["capital"], row["capital"]))
    return found


def stored(path, query):
    """Rows of the file, read by nothing of the product."""
    return records(path, query)


def report(path, view, since=None):
    """A report."""
    with connect_readonly(path) as db:
        if since is not None:
            reports.narrow(db, since=since)
        return [dict(row) for row in reports.rows(db, view)]


def month_of(closed):
    """The month of a close as a whole number; a close at midnight belongs to the day before."""
    day = datetime.fromtimestamp(closed - 1, UTC)
    return 100 * day.year + day.month


def test_months_add_up_to_what_the_equity_moved(database, curves):
    """Profit and return of each month, from the last point of each; a deposit is no profit."""
    expected = {}
    for name, points in curves.items():
        profit_before, ends = 0.0, {month_of(closed): (profit, capital) for closed, profit, capital in points}
        for month, (profit, capital) in ends.items():
            expected[name, month] = (profit - profit_before, (profit - profit_before) / (capital + profit_before))
            profit_before = profit
    found = {
        (row["strategy_id"], row["month"]): (row["profit"], row["return"])
        for row in report(database, "monthly_returns")
    }
    assert len(expected) >= 9
    assert found.keys() == expected.keys()
    for key, values in expected.items():
        assert found[key] == pytest.approx(values, rel=1e-9, abs=1e-8), key


def test_every_day_of_a_century_lies_in_its_month(tmp_path, database):
    """The same arithmetic, as the view writes it, over 2000 to 2099."""
    other = tmp_path / "copy.db"
    shutil.copy(database, other)
    script(
        other,
        "drop view daily_summaries;"
        "create view daily_summaries as with recursive d(t) as (select 946684800 union all select t + 86400 from d "
        "where t < 4102358400) select 'one' strategy_id, (select run_id from runs limit 1) run_id, t timestamp, "
        "0 equity, 0 capital, 0 high, 0 low, 0 deepest_fall from d",
    )
    found = rows(other, "select timestamp, month from strategy_days")
    assert len(found) == 36_525
    assert [row for row in found if row[1] != month_of(row[0] + 1)] == []


def day_of(closed):
    """The midnight before a close."""
    return (closed - 1) // DAY * DAY


def episodes(points):
    """Every drawdown, point by point: days of its high, of its lowest point and of its end, and its depth."""
    high, begin, lowest, depth = 0.0, None, None, 0.0
    for closed, profit, capital in points:
        fall = (high - profit) / (capital + high)
        if profit > high:
            if depth:
                yield begin, lowest, day_of(closed), depth
            high, begin, depth = profit, day_of(closed), 0.0
        elif fall > depth:
            lowest, depth = day_of(closed), fall
    if depth:
        yield begin, lowest, None, depth


def test_drawdowns_have_their_days_and_depth(database, curves):
    """Those whose lowest day is not that of a high have the row that a walk over all points finds; the deepest of all
    is max_drawdown.
    """
    rows, performance = report(database, "drawdowns"), report(database, "strategy_performance")
    assert [row["depth"] for row in rows] == sorted((row["depth"] for row in rows), reverse=True)
    names = ("high_timestamp", "lowest_timestamp", "recovered_timestamp")
    clear = 0
    for row in performance:
        mine = [each for each in rows if each["strategy_id"] == row["strategy_id"]]
        assert mine[0]["depth"] == pytest.approx(row["max_drawdown"], **NEAR)
        found = {tuple(each[name] for name in names): each["depth"] for each in mine}
        for *days, depth in episodes(curves[row["strategy_id"]]):
            if days[0] and days[1] not in (days[0], days[2]):
                assert found[tuple(days)] == pytest.approx(depth, rel=1e-6)
                clear += 1
    assert clear >= 5


def test_no_low_stands_before_its_high(tmp_path):
    """Also on the day on which the strategy began, here at 20:00: all are days, and people see no midnight."""
    path = walked(tmp_path, [STRATEGY.format(name="one", **BTC)], {"BTC/USDT": waves(60)})
    rows = report(path, "drawdowns")
    days = [row[f"{each}_timestamp"] for row in rows for each in ("high", "lowest")]
    assert rows
    assert [each % DAY for each in days] == [0] * len(days)
    assert all(row["high_timestamp"] <= row["lowest_timestamp"] for row in rows)
    assert text("high_timestamp", days[0]) == datetime.fromtimestamp(days[0], UTC).strftime("%Y-%m-%d")


def test_a_report_since_a_moment_has_the_newest_day(database):
    """`--since` leaves out the days before it, and none after."""
    whole, later = report(database, "daily_summaries"), report(database, "daily_summaries", HALF + 1800)
    assert later == [row for row in whole if row["timestamp"] + DAY > HALF + 1800]


def test_exit_reasons_count_the_round_trips(database):
    """By the code of the order that closed them."""
    query = """select t.strategy_id, o.code, t.pnl from trades t join orders o using (client_order_id)
        where t.side = 'sell'"""
    sold = stored(database, query)
    counts = Counter((row["strategy_id"], row["code"]) for row in sold)
    wins = Counter((row["strategy_id"], row["code"]) for row in sold if row["pnl"] > 0)
    rows = report(database, "exit_reasons")
    assert {(row["strategy_id"], row["exit_code"]): (row["round_trips"], row["wins"]) for row in rows} == {
        key: (count, wins[key]) for key, count in counts.items()
    }
    assert sum(row["total_pnl"] for row in rows) == pytest.approx(sum(row["pnl"] for row in sold))


def test_holding_the_coin(database, curves):
    """From the close before the first decided bar, or its open where there is none, to the newest close."""
    bars = {
        symbol: stored(database, f"select * from ohlcv_data where symbol = '{symbol}' order by timestamp")
        for symbol in ("BTC/USDT", "ETH/USDT")
    }
    for row in report(database, "buy_and_hold"):
        query = f"select min(timestamp) as first from decisions where strategy_id = '{row['strategy_id']}'"
        first = stored(database, query)[0]["first"]
        before = [bar for bar in bars[row["symbol"]] if bar["timestamp"] < first]
        bought = before[-1]["close"] if before else bars[row["symbol"]][0]["open"]
        held = bars[row["symbol"]][-1]["close"] / bought - 1
        _, profit, capital = curves[row["strategy_id"]][-1]
        assert row["hold_return"] == pytest.approx(held)
        assert row["strategy_return"] == pytest.approx(profit / capital)
        assert row["ahead"] == pytest.approx(profit / capital - held)


def test_holding_the_coin_since_a_moment(database):
    """Both begin at that moment, with the last close before it."""
    since = HALF + 30 * 60
    row = next(each for each in report(database, "buy_and_hold", since) if each["strategy_id"] == "one")
    closes = stored(database, "select timestamp, close from ohlcv_data where symbol = 'BTC/USDT' order by timestamp")
    bought = [bar["close"] for bar in closes if bar["timestamp"] + HOUR <= since][-1]
    assert row["hold_return"] == pytest.approx(closes[-1]["close"] / bought - 1)


def test_exposure_adds_up(database):
    """Of coins, exchanges and the fleet: quantity by last close, over the equity of who trades there."""
    close = {row["symbol"]: row["close"] for row in stored(database, "select * from ohlcv_data order by timestamp")}
    held = stored(database, "select p.*, s.symbol from positions p join strategies s using (strategy_id)")
    value, equity = defaultdict(float), defaultdict(float)
    for row in held:
        for scope in (("coin", row["symbol"][:3]), ("exchange", "binance"), ("fleet", "all")):
            value[scope] += row["qty"] * close[row["symbol"]]
            equity[scope] += row["cash"] + row["qty"] * close[row["symbol"]]
    rows = {(row["scope"], row["name"]): row for row in report(database, "exposure")}
    assert rows.keys() == value.keys()
    assert sum(row["qty"] > 0 for row in held) > 0
    for scope, row in rows.items():
        assert (row["value"], row["equity"]) == pytest.approx((value[scope], equity[scope]))
        assert row["share"] == pytest.approx(value[scope] / equity[scope])


def test_overlap_names_who_shares_a_coin(database):
    """Two trade BTC, the third is alone with its coin."""
    held = {row["strategy_id"]: row["qty"] for row in stored(database, "select * from positions")}
    rows = report(database, "overlap")
    assert {row["strategy_id"]: (row["trading"], row["holding"]) for row in rows} == dict.fromkeys(
        ("one", "two"), (2, (held["one"] > 0) + (held["two"] > 0))
    )


@pytest.mark.parametrize("view", reports.VIEWS)
def test_the_verb_prints_every_report(database, view, capsys):
    """What is about no single strategy too."""
    assert fleet(["report", "--view", view, "--database", str(database), "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == len(report(database, view)) > 0
