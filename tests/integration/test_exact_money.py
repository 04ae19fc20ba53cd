"""Money in reports is exact to the last digit that is kept, on cheap coins and with large capitals."""

from dataclasses import replace
from decimal import Context, Decimal

import pytest

from db.market_data import markets, storing
from db.reading import reports
from domain.candles import Source
from tests.db_files import fresh
from tests.kit.candles import bar
from tests.kit.rows import change, script
from tests.kit.series import HOURLY
from tests.trading import MARKET, assigned, high, opened, ring

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
        made = assigned(settings, db)
        for number, close in enumerate((99, 99, 107, 93, 101, 97, 103)):
            price = round(close * scale, 9)
            storing.store(db, HOURLY, [bar(number, price)._replace(high=price, low=price)], Source.EXCHANGE, 1)
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


ROWS = """
insert into strategies (strategy_id, exchange, symbol, timeframe, mode, kind, quote, capital, enabled)
    values ('one', 'binance', 'BTC/USDT', '1h', 'paper', 'rules', 'USDT', 1e8, 1);
insert into runs (run_id, strategy_id, started_ms, capital, configuration) values ('one.1', 'one', 1, 1e8, '{}');
insert into positions (strategy_id, qty, cost, cash, realised_pnl, round_trip) values ('one', 0, 0, 1e8, 0, 1);
"""
ORDER = """
insert into orders (client_order_id, strategy_id, run_id, epoch, mode, exchange, symbol, timestamp, purpose, side,
    price, qty, status, reason, created_ms)
values ('t' || :number, 'one', 'one.1', 1, 'paper', 'binance', 'BTC/USDT', 3600, 'exit', :side, 1, 1, 'filled', '', 1);
"""
TRADE = """
insert into trades (strategy_id, mode, run_id, client_order_id, exchange, symbol, side, price, qty, fee, fee_currency,
    fee_quote, pnl, timestamp, filled_ms, round_trip, entry_run_id, epoch, exchange_trade_id, cost)
values ('one', 'paper', 'one.1', 't' || :number, 'binance', 'BTC/USDT', :side, 1, 1, 0, 'USDT', :fee, :pnl, 3600, 1, 1,
    'one.1', 1, '1', 1);
"""
FILLS = (
    ("0.1", "0.2"),
    ("31234567.1234567", "21234567.7654321"),
    ("123456789.123456", "87654321.876543", "65432.109876"),
    ("523456789.123456", "-523455789.000001", "1.000002"),
    ("9999999.99999999", "-9999999.99999998"),
    ("99999999999999.9", "0.1"),
    ("5432109.87654321", "5432109.87654321", "-0.00000001"),
)


@pytest.mark.parametrize("amounts", FILLS, ids=str)
def test_several_fills_add_up_to_the_last_digit(tmp_path, amounts):
    """Of a round trip, of a day, and of an exit's reason: what their sales have brought and their fees."""
    with fresh(tmp_path) as db:
        script(db, ROWS)
        for number, amount in enumerate(["0", *amounts]):
            pnl = float(amount) if number else None
            fill = {"number": number, "side": "sell" if number else "buy", "pnl": pnl, "fee": abs(float(amount))}
            for statement in (ORDER, TRADE):
                change(db, statement, fill)
        trip, day, why = (reports.rows(db, view)[0] for view in ("round_trips", "daily_pnl", "exit_reasons"))
    won, paid = (float(Context(prec=15).plus(sum(map(sign, map(Decimal, amounts))))) for sign in (Decimal, abs))
    assert [trip["pnl"], day["pnl"], why["total_pnl"]] == [won] * 3
    assert [trip["fees"], day["fees"]] == [paid] * 2
