"""A configuration that another process has registered: nobody goes on under the one before."""

import pytest

from db.trading import positions
from domain.money import decimal
from strategies.kinds import SHIPPED
from tests.kit.rows import rows
from tests.replayed import settings as configured
from tests.trading import actions, assigned, feed, high, opened, ring
from trader import registration

RICHER = high().replace("capital: 1000", "capital: 1500")
OTHER = high().replace("close > 100", "close > 200")


@pytest.fixture
def room(tmp_path):
    """A trader that acts for one strategy."""
    settings, db = opened(tmp_path, high())
    with db:
        feed(db, 99, 98, 101)
        yield tmp_path, db, assigned(settings, db)


def register(folder, db, text):
    """What another process does when the file has changed; its settings."""
    settings = configured(folder, [text])
    registration.register(db, settings, 1)
    return settings


def adopt(made, settings):
    """What the trader's own process does a moment later."""
    chosen = registration.wanted(settings, [])
    made.adopt(settings, chosen, registration.built(chosen, SHIPPED), {})


def test_a_deposit_is_not_overwritten(room):
    """A turn that began before it is refused; the money is there, and the books balance."""
    folder, db, one = room
    register(folder, db, RICHER)
    assert ring(one, 2) == 0
    assert one.active == {}
    account = positions.load(db, ["one"])["one"]
    assert (account.position.ledger.cash, account.run_id) == (1500, "one.2")


def test_it_goes_on_once_it_has_read_the_file(room):
    """The candle is decided under the new run, once."""
    folder, db, one = room
    richer = register(folder, db, RICHER)
    ring(one, 2)
    assert one.claim() == set()
    adopt(one, richer)
    assert one.claim() == {"one"}
    assert ring(one, 2) == 1
    assert rows(db, "select action, run_id from decisions") == [("enter", "one.2")]
    cash, cost = rows(db, "select cash, cost from positions")[0]
    assert decimal(cash) + decimal(cost) == 1500


def test_it_goes_on_when_its_own_configuration_comes_back(room):
    """Under a third run, without reading anything again."""
    folder, db, one = room
    register(folder, db, OTHER)
    assert one.claim() == set()
    ring(one, 2)
    register(folder, db, high())
    assert one.claim() == {"one"}
    assert ring(one, 2) == 1
    assert rows(db, "select run_id from decisions") == [("one.3",)]


def test_a_change_that_it_has_not_read_is_never_traded_under_the_old_rule(room):
    """Also where it looks at the database again in between."""
    folder, db, one = room
    register(folder, db, OTHER)
    one.reload("one")
    assert one.active == {}
    assert rows(db, "select expires_ms from leases") == [(0,)]
    assert actions(db) == []
