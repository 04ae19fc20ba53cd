"""The states of an order, and which may follow which."""

import itertools
import re
from dataclasses import replace

import pytest

from db import statements
from domain.orders import TRANSITIONS, OrderKey, OrderState, client_order_id
from tests.kit.series import ETHER, HOURLY

# the state of a row may become that of a column where there is an x: TRADING.md section 9
TABLE = """
            new  sending  open  unknown  filled  cancelled  rejected  expired
new          .      x      .      .        x         x         .         .
sending      .      .      x      x        x         x         x         x
open         .      .      .      x        x         x         x         x
unknown      .      .      x      .        x         x         x         x
filled       .      .      .      .        .         .         .         .
cancelled    .      .      .      .        .         .         .         .
rejected     .      .      .      .        .         .         .         .
expired      .      .      .      .        .         .         .         .
"""
HEAD, *ROWS = [line.split() for line in TABLE.strip().splitlines()]
ALLOWED = {(row[0], then) for row in ROWS for then, mark in zip(HEAD, row[1:], strict=True) if mark == "x"}


@pytest.mark.parametrize(("now", "then"), [*itertools.product(OrderState, repeat=2)])
def test_every_pair_of_states(now, then):
    """What was sent is never new again, what has ended stays so, and what is unknown is never sent again."""
    assert (then in TRANSITIONS[now]) is ((now.value, then.value) in ALLOWED)


def test_the_table_of_this_test_is_whole():
    """Each state has a row and a column."""
    assert [row[0] for row in ROWS] == HEAD == [state.value for state in OrderState]


def test_the_database_knows_the_same_states():
    """Its check of `orders.status` is that list."""
    (listed,) = re.findall(r"status in \(([^)]*)\)", statements.SCHEMA.read_text("utf-8"))
    assert re.findall(r"'(\w+)'", listed) == [state.value for state in OrderState]


KEY = OrderKey(
    fleet_id="f", account="main", mode="live", strategy_id="one", series=HOURLY, timestamp=3600, purpose="entry"
)


def test_a_client_order_id_is_a_pure_function_of_what_it_is_for():
    """DESIGN.md, section 7: at most 18 characters, first a letter; the same for the same key."""
    found = client_order_id(KEY)
    assert re.fullmatch("[a-z][a-z0-9]{17}", found)
    assert found == client_order_id(replace(KEY))


@pytest.mark.parametrize(
    "change",
    [
        {"fleet_id": "g"}, {"account": "other"}, {"mode": "paper"}, {"strategy_id": "two"}, {"series": ETHER},
        {"timestamp": 7200}, {"purpose": "exit"}, {"attempt": 2}, {"fleet_id": "fm", "account": "ain"},
    ],
)  # fmt: skip
def test_whatever_it_is_for_is_in_it(change):
    """Also which part of it a letter belongs to."""
    assert client_order_id(replace(KEY, **change)) != client_order_id(KEY)
