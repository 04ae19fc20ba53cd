"""Every column of both reports against the definition, over lives that were drawn: whole, and from any moment on."""

import math
import random

import pytest

from db import reports
from db.connection import connect_readonly
from tests.definition import DAY, History
from tests.lives import Life
from tests.trading_desk import START

EXACT = {
    "total_trades",
    "round_trips",
    "wins",
    "losses",
    "total_pnl",
    "fees",
    "best_pnl",
    "worst_pnl",
    "first_trade_ms",
    "last_trade_ms",
    "open_qty",
    "open_pnl",
    "equity",
}
SEEDS = (0, 1, 3, 4)


@pytest.fixture(scope="module", params=SEEDS)
def life(request, tmp_path_factory):
    """A life of three strategies over some weeks."""
    return Life(tmp_path_factory.mktemp("life"), request.param, ("4h", "1h", "1d")[request.param % 3]).walk(250)


def moments(life):
    """None for the whole life, then before it, midnights and moments within days, and after it."""
    draw = random.Random(life.now)
    inside = [draw.randrange(START, life.now) for _ in range(6)]
    return [None, START - DAY, *(each // DAY * DAY for each in inside), *inside, life.now + 5 * DAY]


def differing(row, must):
    """What a row says otherwise than it must."""
    return {name: (row[name], value) for name, value in must.items() if not same(name, row[name], value)}


def same(name, value, must):
    """Counts and money to the last digit, ratios to nine digits."""
    if value is None or must is None or name in EXACT:
        return value == must
    return math.isclose(value, must, rel_tol=1e-9, abs_tol=1e-9)


def test_every_column_of_every_strategy(life):
    """Whole, and from moments on."""
    for since in moments(life):
        history = History(life.path, since)
        with connect_readonly(life.path) as db:
            if since is not None:
                reports.narrow(db, since=since)
            found = {row["strategy_id"]: row for row in reports.rows(db, "strategy_performance")}
        assert found.keys() >= life.levels.keys()
        wrong = {one: differing(row, history.strategy(one)) for one, row in found.items()}
        assert {one: each for one, each in wrong.items() if each} == {}, since


def test_every_column_of_every_run(life):
    """Whole, and from moments on."""
    for since in moments(life):
        history = History(life.path, since)
        with connect_readonly(life.path) as db:
            if since is not None:
                reports.narrow(db, since=since)
            found = {row["run_id"]: row for row in reports.rows(db, "run_performance")}
        assert found.keys() == history.runs.keys()
        wrong = {run_id: differing(row, history.run(run_id)) for run_id, row in found.items()}
        assert {run_id: each for run_id, each in wrong.items() if each} == {}, since
