"""The states of an order, and which may follow which."""

import itertools
import re

import pytest

from db import statements
from domain.orders import TRANSITIONS, OrderState

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
