"""A market that pays for orders that rested: the fee is negative, and it is recorded as it is."""

from dataclasses import replace
from decimal import Decimal

from db.market_data import markets
from tests.kit.rows import rows
from tests.trading import MARKET, assigned, balanced, feed, high, opened, ring

PAYING = replace(MARKET, maker=Decimal("-0.001"), fee_in_base=False)
RESTING = "stake: { fixed: 100 }\nexits: { target: 0.03, check: intrabar }"


def test_a_target_that_rested_is_paid_for(tmp_path):
    """0.988 are bought at 101.06 and sold at 104.10, 3 % above: 0.1 % of 102.8508 comes on top, and all adds up."""
    settings, db = opened(tmp_path, high(more=RESTING))
    with db:
        markets.save(db, [PAYING], 2)
        feed(db, 99, 98, 101, 104)
        made = assigned(settings, db)
        for number in (2, 3):
            assert ring(made, number, upto=number) == 1
        found = rows(db, "select price, qty, fee, fee_quote from trades where side = 'sell'")
        assert found == [(104.1, 0.988, -0.1028508, -0.1028508)]
        assert rows(db, "select action, code from decisions order by timestamp")[-1] == ("exit", "target")
        assert balanced(db)
