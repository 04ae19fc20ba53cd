"""An upgraded database of every schema since 1 is traded on: what was open is closed, sums go on from the old ones."""

from decimal import ROUND_FLOOR, Decimal

import pytest

from db import statements
from db.market_data import storing
from db.reading import reports
from db.sqlite.connection import connect, connect_readonly
from db.sqlite.migrate import migrate
from domain.candles import Candle, Source
from runtime import clock
from runtime.clock import Clock
from runtime.heartbeat import begun, worker
from runtime.reload import Configuration
from strategies import kinds
from tests.definition import Definition, exact
from tests.integration.test_upgrades import balanced, summed, texts, wrong
from tests.kit.rows import records, rows
from tests.kit.series import at
from tests.replayed import settings as configured
from tests.schemas import dump, expected, life, populations
from tests.schemas.fleet import BITCOIN, ETHER, FOUR_HOURS
from tests.trading import PATIENT, run_out
from trader.assignments import Assignments
from trader.configuration_sync import ConfigurationSync
from trader.exchange_time import ExchangeTime
from trader.worker import TraderWorker

NEXT = life.LAST + 1  # the first hourly bar that today's trader decides
SLIPPAGE, FEE = Decimal("0.0005"), Decimal("0.001")
SOLD = {"trailing": (95.0, "exit"), "renamed": (96.0, "exit"), "risking": (96.0, "manual")}
DECIDED = "select * from decisions where timestamp >= ? order by timestamp"
LIVED = [file for file in populations.files() if file == populations.file(populations.number(file))]


class TradedOn:
    """A population, upgraded and traded on over the bars of one more hour."""

    def __init__(self, folder, file):
        self.before = expected.stored(file.read_text("utf-8"))
        self.must = expected.carried(self.before, statements.schema_version())
        self.positions = {row["strategy_id"]: row for row in self.must["positions"]}
        path = dump.load(folder / "trading.db", file.read_text("utf-8"))
        migrate(path, "real", any_filesystem=True)
        self.settings = configured(folder, life.files("renamed"), PATIENT)
        self.path = self.settings.database
        with connect(path, any_filesystem=True) as db:
            run_out(db)
            store(db)
            trader = self.trader(db)
            for _ in range(5):
                trader.turn()
            assert not trader.behind

    def trader(self, db):
        """As its process makes it."""
        beats = begun(db, "trader", self.settings.supervision, "second")
        made = Assignments(db=db, settings=self.settings, wanted={}, built={}, beats=beats, shares=False)
        configuration = Configuration(lambda: (self.settings, kinds.load()))
        sync = ConfigurationSync(db=db, who=worker("trader"), configuration=configuration, now_ms=clock.now_ms)
        time = ExchangeTime(Clock(1000 * (at(NEXT + 1) + 1), clock.now_ms(), 1e-9))
        watch = TraderWorker(assignments=made, time=time, configuration=configuration, sync=sync)
        watch.follow()
        return watch


def store(db):
    """An hour in which bitcoin opens below the trailing stop and falls, and ether rises."""
    storing.store(db, BITCOIN, [Candle(at(NEXT), 95.0, 95.2, 93.8, 94.5, 5.0)], Source.EXCHANGE, 1)
    storing.store(db, ETHER, [Candle(at(NEXT), 99.0, 106.0, 98.0, 105.0, 5.0)], Source.EXCHANGE, 1)
    last = life.four_hourly(12, 12)[0]
    bar = Candle(last.timestamp, last.open, last.high, 93.8, 96.0, 5.0)
    storing.store(db, FOUR_HOURS, [bar], Source.DERIVED, 1, "1h")


@pytest.fixture(scope="module", params=[pytest.param(file, id=file.stem) for file in LIVED])
def traded(request, tmp_path_factory):
    """Each of them."""
    return TradedOn(tmp_path_factory.mktemp("traded"), request.param)


def new(traded, table, key):
    """Rows of a table that the upgrade did not bring, by strategy."""
    known = {row[key] for row in traded.must[table]}
    return {row["strategy_id"]: row for row in records(traded.path, f"select * from {table}") if row[key] not in known}


def sale(position, price):
    """What selling a position of bitcoin at a close or an open brings: price, quantity, fee, and profit."""
    price = (exact(price) * (1 - SLIPPAGE)).quantize(Decimal("0.01"), ROUND_FLOOR)
    held, cost = exact(position["qty"]), exact(position["cost"])
    qty = held.quantize(Decimal("0.001"), ROUND_FLOOR)
    fee = round(price * qty * FEE, 8)
    return price, qty, fee, price * qty - fee - round(cost * qty / held, 8)


def test_what_was_open_is_closed(traded):
    """By the stop that trailed, by its rule though its file is gone, by the order of a person: each at its price."""
    trades, orders = new(traded, "trades", "trade_id"), new(traded, "orders", "client_order_id")
    assert trades.keys() == orders.keys() == SOLD.keys()
    for strategy_id, (price, purpose) in SOLD.items():
        before, trade = traded.positions[strategy_id], trades[strategy_id]
        must = tuple(map(float, sale(before, price)))
        assert (trade["price"], trade["qty"], trade["fee_quote"], trade["pnl"]) == must, strategy_id
        assert (orders[strategy_id]["purpose"], trade["side"]) == (purpose, "sell")
        assert (trade["round_trip"], trade["entry_run_id"]) == (before["round_trip"], before["entry_run_id"])


def test_cash_and_profit_go_on_from_what_they_were(traded):
    """To the last digit; who sold nothing has what it had."""
    for row in records(traded.path, "select * from positions"):
        before, gained, profit = traded.positions[row["strategy_id"]], Decimal(0), Decimal(0)
        if row["strategy_id"] in SOLD:
            price, qty, fee, profit = sale(before, SOLD[row["strategy_id"]][0])
            gained = price * qty - fee
            assert row["entry_timestamp"] is None
        assert exact(row["cash"]) == exact(before["cash"]) + gained
        assert exact(row["realised_pnl"]) == exact(before["realised_pnl"]) + profit


def test_totals_go_on_from_the_old_ones(traded):
    """The sums over the old trades, and the new sale; and equity = capital + total_pnl + open_pnl."""
    with connect_readonly(traded.path) as db:
        found = {row["strategy_id"]: row for row in reports.rows(db, "strategy_performance")}
    sales = new(traded, "trades", "trade_id")
    for strategy_id, row in found.items():
        trades = [*traded.before["trades"], *(sales[one] for one in sales.keys() & {strategy_id})]
        must = summed(trades, strategy_id)
        assert {name: row[name] for name in must} == must, strategy_id
    assert [one for one, row in found.items() if not balanced(traded.before, row)] == []
    assert found.keys() >= SOLD.keys()


def test_reports_are_what_all_rows_say(traded):
    """Old ones and new ones."""
    assert wrong(traded.path, Definition(traded.path), None) == []


def test_what_was_decided_and_traded_stays(traded):
    """Rows of before the upgrade are what they were after it."""
    for table in ("decisions", "trades", "orders", "runs", "equity", "gaps"):
        assert texts(traded.must[table]) <= texts(records(traded.path, f"select * from {table}"))


def test_what_people_ordered_holds(traded):
    """Who is paused does not enter, who is stopped and flat is let go of; the order to sell is carried out once."""
    decided = {row["strategy_id"]: row for row in records(traded.path, DECIDED, (at(NEXT - 3),))}
    assert decided.keys() == {"crossing", "trailing", "averages", "renamed", "risking"}
    assert (decided["averages"]["action"], decided["averages"]["code"]) == ("blocked", "paused")
    assert rows(traded.path, "select * from exit_orders") == []
    assert texts(records(traded.path, "select * from controls")) == texts(traded.must["controls"])


def test_who_acted_before_the_upgrade_acts_no_more(traded):
    """Every strategy that is taken has the epoch after the one that the old trader had."""
    before = {row["claim"]: row["epoch"] for row in traded.must["claims"]}
    after = {row["claim"]: row for row in records(traded.path, "select * from claims where kind = 'strategy'")}
    assert {claim: row["epoch"] for claim, row in after.items()} == {one: epoch + 1 for one, epoch in before.items()}
    assert {claim for claim, row in after.items() if row["holder"]} == {"crossing", "trailing", "averages", "risking"}
