"""Small tables that everybody shares: markets and quarantine."""

from decimal import Decimal

import pytest

from db.market_data import markets, quarantine
from domain.errors import Rejected
from domain.market import Market
from tests.db_files import fresh
from tests.kit.series import HOURLY

MARKET = Market(
    exchange="binance",
    symbol="BTC/USDT",
    market_id="BTCUSDT",
    base="BTC",
    quote="USDT",
    amount_step=Decimal("0.00001"),
    price_tick=Decimal("0.01"),
    min_amount=Decimal("0.00001"),
    min_cost=Decimal(5),
    maker=Decimal("0.001"),
    taker=Decimal("0.001"),
    fee_in_base=True,
)


@pytest.fixture
def db(tmp_path):
    """A connection to a new database."""
    with fresh(tmp_path) as database:
        yield database


def test_a_market_comes_back_digit_by_digit(db):
    """Steps, minima and fees are the decimals they were."""
    markets.save(db, [MARKET], 1)
    assert markets.load(db, "binance", "BTC/USDT") == MARKET
    assert str(markets.load(db, "binance", "BTC/USDT").price_tick) == "0.01"
    assert markets.load(db, "binance", "ETH/USDT") is None


def test_the_newest_description_counts(db):
    """A market that is halted is known as such."""
    markets.save(db, [MARKET], 1)
    fields = {name: getattr(MARKET, name) for name in Market.__slots__}
    halted = Market(**(fields | {"active": False, "taker": Decimal("0.002")}))
    markets.save(db, [halted], 2)
    assert markets.load_all(db, "binance") == {"BTC/USDT": halted}


def test_a_step_with_too_many_digits_is_refused(db):
    """It could not come back as it was."""
    fields = {name: getattr(MARKET, name) for name in Market.__slots__}
    with pytest.raises(Rejected, match="binance BTC/USDT"):
        markets.save(db, [Market(**(fields | {"price_tick": Decimal("0.1234567890123456")}))], 1)


def test_rows_are_quarantined_once(db):
    """The same payload again is not news."""
    assert quarantine.add(db, HOURLY, [("[1, null]", "incomplete row"), ("[2]", "incomplete row")], 1) == 2
    assert quarantine.add(db, HOURLY, [("[2]", "incomplete row"), ("[3]", "volume -1")], 2) == 1
    assert [tuple(row) for row in quarantine.rows(db, HOURLY)] == [
        (1, "[1, null]", "incomplete row"),
        (1, "[2]", "incomplete row"),
        (2, "[3]", "volume -1"),
    ]
