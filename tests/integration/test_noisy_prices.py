"""Candles whose four prices need 16 digits and more, as products of floats do, through a whole round trip."""

import pytest

from db.market_data import candles, storing
from domain.candles import Candle, Source
from tests.kit.rows import rows
from tests.kit.series import HOURLY, at
from tests.trading import actions, assigned, balanced, high, opened, ring


def noisy(number, price):
    """A candle around a price, in digits that nobody asked for."""
    return Candle(at(number), price * 1.0017, price * 1.0071, price * 0.9913, price * 1.0013, 5.0)


def traded(folder, closes, exits):
    """The database after a strategy that holds above 100 was walked over candles around these prices."""
    settings, db = opened(folder, high(more=f"exits: {exits}"))
    made = assigned(settings, db)
    for number, close in enumerate(closes):
        storing.store(db, HOURLY, [noisy(number, close)], Source.EXCHANGE, 1)
        ring(made, number)
    return db


@pytest.mark.parametrize("check", ["close", "intrabar"])
@pytest.mark.parametrize(
    ("closes", "exits", "words"),
    [
        ([99, 101.3, 104.6, 109.6, 103.6], "trailing: 0.05", "the stop 10"),
        ([99, 101.3, 104.6, 109.6, 103.6], "target: 0.05", "the target 10"),
        ([99, 101.3, 104.6, 101.6, 98.1], "stop: 0.03", "the stop 9"),
        ([99, 101.3, 104.6, 109.6, 98.1], "max_bars: 50", "close < 100"),
    ],
)
def test_it_is_traded_as_any_other(tmp_path, check, closes, exits, words):
    """Entry, what the high moves, and each way out; the candles are stored as they came."""
    with traded(tmp_path, closes, f"{{ {exits}, check: {check} }}") as db:
        assert actions(db)[1:3] == ["enter", "hold"]
        assert "failed" not in actions(db)
        assert [words in reason for (reason,) in rows(db, "select reason from orders where side = 'sell'")] == [True]
        assert candles.newest(db, HOURLY, len(closes)) == [noisy(*each) for each in enumerate(closes)]
        assert balanced(db)
