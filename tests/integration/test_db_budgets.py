"""One request budget for all processes."""

import subprocess
import sys
import threading
import time
from itertools import pairwise

import pytest

from db.fleet import budgets
from db.fleet.budgets import Budget, standing
from db.sqlite.connection import connect
from domain.errors import Unavailable
from tests.db_files import fresh

STEP_MS = 20
ASKER = """
import sys, time
from pathlib import Path
from db.fleet.budgets import Budget
from db.sqlite.connection import connect

class Recorded(Budget):
    def _reserve(self, exchange):
        self.slot = super()._reserve(exchange)
        return self.slot

with connect(Path(sys.argv[1]), any_filesystem=True) as db:
    budget = Recorded(db, {"binance": 50.0}, lambda: False)
    sys.stdin.readline()
    for _ in range(10):
        budget.wait("binance")
        print(budget.slot, time.time_ns() // 1_000_000)
"""


@pytest.fixture
def db(tmp_path):
    """A connection to a new database."""
    with fresh(tmp_path) as database:
        yield database


def milliseconds():
    return time.time_ns() // 1_000_000


def test_five_processes_together_never_exceed_the_limit(db):
    """Each request has its own moment, 20 ms from every other one, and none is sent before it."""
    command, pipe = [sys.executable, "-c", ASKER, db.path], subprocess.PIPE
    askers = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(5)]
    for asker in askers:
        asker.stdin.write("go\n")
        asker.stdin.flush()
    lines = [line.split() for asker in askers for line in asker.communicate()[0].splitlines()]
    sent = sorted((int(moment), int(when)) for moment, when in lines)
    assert len(sent) == 50
    assert all(b[0] - a[0] >= STEP_MS for a, b in pairwise(sent))
    assert all(when >= moment for moment, when in sent)
    assert budgets.states(db)[0]["requests"] == 50


def test_a_pause_holds_everybody(db):
    """Also those who had reserved their moment before it was told."""
    pauser = Budget(db, {"binance": 10.0}, lambda: False)
    pauser.wait("binance")
    sent = []

    def ask():
        with connect(db.path, any_filesystem=True) as other:
            Budget(other, {"binance": 10.0}, lambda: False).wait("binance")
            sent.append(milliseconds())

    thread = threading.Thread(target=ask)
    thread.start()
    until = milliseconds() + 250
    pauser.pause("binance", 250, "429")
    thread.join()
    assert sent[0] >= until


def test_the_longest_pause_counts(db):
    """A shorter one that is told later does not end it; the reason is the longest one's."""
    budget = Budget(db, {}, lambda: False, now_ms=lambda: 1_000)
    for length, reason in ((500, "429"), (9_000, "418"), (100, "503")):
        budget.pause("kraken", length, reason)
    assert tuple(budgets.states(db)[0]) == ("kraken", 0, 10_000, "418", 0)


def test_exchanges_have_budgets_of_their_own(db):
    """A pause of one does not hold up another."""
    budget = Budget(db, {"binance": 1000.0, "kraken": 1000.0}, lambda: False)
    budget.pause("kraken", 60_000, "418")
    budget.wait("binance")
    assert [row["requests"] for row in budgets.states(db)] == [1, 0]


def test_a_sleeper_that_shall_stop_says_so(db):
    """Within a fraction of a second, however long the pause."""
    answers = iter([False, False, True])
    budget = Budget(db, {}, lambda: next(answers))
    budget.pause("kraken", 3_600_000, "418")
    with pytest.raises(Unavailable, match="stopping"):
        budget.wait("kraken")


@pytest.mark.parametrize(
    "write", [lambda budget: budget.pause("kraken", 10_000, "429"), lambda budget: budget.wait("kraken")]
)
def test_what_was_told_under_a_clock_that_was_ahead_is_void_once_it_is_right(db, write):
    """Neither a pause nor a reservation of a clock an hour ahead holds anybody up for that hour."""
    right = milliseconds()
    write(Budget(db, {}, lambda: False, now_ms=lambda: right + 3_600_000))
    steps = iter([False] * 100)
    Budget(db, {}, lambda: next(steps, True), now_ms=milliseconds).wait("kraken")
    assert budgets.states(db)[0]["next_ms"] < right + 600_000


def test_a_new_pause_replaces_one_that_is_void(db):
    """Although the void one would end later."""
    Budget(db, {}, lambda: False, now_ms=lambda: 3_600_000).pause("kraken", 10_000, "429")
    Budget(db, {}, lambda: False, now_ms=lambda: 1_000).pause("kraken", 500, "418")
    (row,) = budgets.states(db)
    assert (row["paused_until_ms"], row["pause_reason"]) == (1_500, "418")


def test_a_clock_that_is_corrected_a_little_ends_no_pause(db):
    """Half a second back: the pause was told in earnest."""
    told = 1_000_000
    assert [standing(told + 10_000, told, now) for now in (told, told - 500, told - 1_500)] == [told + 10_000] * 2 + [0]


def test_a_clock_that_is_set_back_while_somebody_sleeps_does_not_prolong_it(db):
    """The sleeper counts by a clock that nobody sets."""
    shown = iter([1_000_000, 1_000_000])
    budget = Budget(db, {}, lambda: False, now_ms=lambda: next(shown, 1_000_000 - 3_600_000))
    budget._sleep_until(1_000_050, "kraken")


def test_nobody_is_paused_for_years(db):
    """Whatever number an exchange sends."""
    Budget(db, {}, lambda: False, now_ms=lambda: 0).pause("kraken", 10**30, "429")
    assert budgets.states(db)[0]["paused_until_ms"] == budgets.LONGEST_MS
