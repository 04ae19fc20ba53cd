"""Money in reports is exact to the last digit that is kept, on cheap coins and with large capitals."""

from dataclasses import replace
from decimal import Decimal

import pytest

from db import candles, markets, reports
from domain.candles import Source
from tests.db_files import HOURLY, bar
from tests.trading_desk import MARKET, desk, high, opened, ring

FINE = {"amount_step": Decimal("1e-8"), "price_tick": Decimal("1e-10"), "min_cost": Decimal("1e-6")}
CHEAP = "exchanges: { binance: { min_cost: 0.000001 } }\n"
RULES = "close > {level}, exit: close < {level}"


def traded(folder, capital, scale):
    """What reports say after two round trips at prices around 100 * scale."""
    text = high(more="stake: { fraction: 0.31 }").replace("capital: 1000", f"capital: {capital}")
    rules = RULES.format(level=f"{100 * scale:.9f}")
    settings, db = opened(folder, text.replace("close > 100, exit: close < 100", rules), more=CHEAP)
    with db:
        markets.save(db, [replace(MARKET, fee_in_base=False, **FINE)], 1)
        made = desk(settings, db)
        for number, close in enumerate((99, 99, 107, 93, 101, 97, 103)):
            price = round(close * scale, 9)
            candles.store(db, HOURLY, [bar(number, price)._replace(high=price, low=price)], Source.EXCHANGE, 1)
            ring(made, number)
        views = ("strategy_performance", "round_trips", "equity_curve")
        return [[dict(row) for row in reports.rows(db, view)] for view in views]


def exact(value):
    """The decimal that a REAL stands for."""
    return Decimal(repr(value))


@pytest.mark.parametrize(
    ("capital", "scale", "digits"),
    [(987_654_321.12, 1, "1e-5"), (0.05, 5.39e-7, "1e-8"), (1000, 1, "1e-8"), (123_456_789.5, 1234.5, "1e-5")],
)
def test_every_amount_is_one_of_the_ledgers(tmp_path, capital, scale, digits):
    """A multiple of the unit that the ledger keeps, and all add up: paid, won, marked."""
    (row,), trips, curve = traded(tmp_path, capital, scale)
    capital, unit = exact(capital), Decimal(digits)
    amounts = [row["total_pnl"], row["open_pnl"], row["equity"], row["fees"]]
    amounts += [trip[name] for trip in trips for name in ("pnl", "entry_cost")] + [each["profit"] for each in curve]
    assert len(trips) == 2
    assert [amount for amount in amounts if exact(amount) % unit] == []
    assert exact(row["equity"]) == capital + exact(row["total_pnl"]) + exact(row["open_pnl"])
    assert sum(exact(trip["pnl"]) for trip in trips) == exact(row["total_pnl"])
    assert [exact(each["profit"]) for each in curve] == [exact(each["equity"]) - capital for each in curve]
    assert [trip["return"] for trip in trips] == [trip["pnl"] / trip["entry_cost"] for trip in trips]
