"""What is too little to sell: refused before it is bought, and what is left of a sale is counted and goes out later."""

from dataclasses import replace
from decimal import Decimal

import pytest

from db.market_data import markets
from db.reading import reports
from db.trading import positions
from tests.kit.rows import rows
from tests.trading import MARKET, assigned, feed, high, opened, ring


def traded(folder, closes, more="", **changes):
    """The database after a strategy that holds above 100 was walked over these closes; `changes` of the market."""
    settings, db = opened(folder, high(more=more))
    markets.save(db, [replace(MARKET, **changes)], 1)
    made = assigned(settings, db)
    for number, close in enumerate(closes):
        feed(db, close, first=number)
        ring(made, number)
    return db


def test_one_coin_less_its_fee_is_not_bought(tmp_path):
    """A step of 1: 0.999 would be held, and never be sold. The decision says why, for programs and in words."""
    with traded(tmp_path, [99, 600], amount_step=Decimal(1), min_amount=Decimal(1)) as db:
        ((action, code, reason),) = rows(
            db, "select action, code, reason from decisions order by timestamp desc limit 1"
        )
        assert (action, code) == ("blocked", "unsellable")
        assert "of 1 BTC only 0 could be sold again" in reason
        assert rows(db, "select count(*) from trades") == [(0,)]


@pytest.mark.parametrize("closes", [[99, 101, 90], [99, 101, 90, 104, 120], [99, 101, 90, 104, 80, 70]])
def test_no_loss_stands_in_no_column(tmp_path, closes):
    """The fee in coin leaves a residue at every sale: equity = capital + total_pnl + open_pnl all the same."""
    with traded(tmp_path, closes, amount_step=Decimal("0.01")) as db:
        row = reports.rows(db, "strategy_performance")[0]
        assert row["open_qty"] > 0
        assert row["equity"] == round(1000 + row["total_pnl"] + row["open_pnl"], 8)


def test_a_residue_goes_out_with_the_next_exit(tmp_path):
    """1 of 1.998 is sold, then 2 of 0.998 + 1.998: half of a coin is never carried along for ever."""
    whole = {"amount_step": Decimal(1), "min_amount": Decimal(1)}
    with traded(tmp_path, [99, 120, 90, 120, 90], "stake: { fixed: 245 }", **whole) as db:
        assert rows(db, "select qty from trades where side = 'sell'") == [(1,), (2,)]
        assert positions.load(db, ["one"])["one"].position.ledger.qty == Decimal("0.996")
