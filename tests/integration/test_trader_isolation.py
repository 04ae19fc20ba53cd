"""Strategies that raise, never return or end their process: their own bar fails, alone."""

import gc
import time

import pytest

from db.fleet import leases
from db.fleet.leases import Kind
from runtime import isolated_process
from tests.kit.rows import changes, rows, traced
from tests.kit.series import HOUR, HOURLY, at
from tests.trading import actions, assigned, feed, high, opened, ring, run_out, take
from trader import time_slice
from trader.deciding import SeriesAdvance
from trader.turn import take_due

OWN = '''
"""A kind that does something on closes of 95."""
import sys

from domain.kinds import Kind
from domain.strategy import Signal


class Own:
    warmup = 2

    def signal(self, indicators):
        if indicators.column("close")[-1] == 95:
            return self.odd(indicators)
        return Signal(reason="none")

    def odd(self, indicators=None):
        {odd}


KIND = Kind(name="own", doc="own", params={{}}, build=lambda params: Own(), warmup=lambda params: 2)
'''
ALWAYS = OWN.replace('if indicators.column("close")[-1] == 95:', "if True:")
OWN_FILE = """\
strategy_id: own
exchange: binance
symbol: BTC/USDT
timeframe: 1h
strategy: own
capital: 1000
"""
LOOP = "while True: pass"
SWALLOWS = """
        while True:
            try:
                while True: pass
            except Exception: pass
"""
SLEEP = "import time; time.sleep(3600)"
C_LOOP = "return sum(range(10**12))"
CRASH = "import ctypes; ctypes.string_at(0)"


@pytest.fixture
def fleet(tmp_path, monkeypatch):
    """A way to a trader with a strategy of one's own and a good one; a bar may take 0.2 s of CPU time, in which nobody
    collects the garbage of the tests before.
    """
    monkeypatch.setattr(time_slice, "SLOW", 0.2)
    gc.collect()
    gc.disable()
    opens = []

    def begin(odd, kind=OWN):
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "own.py").write_text(kind.format(odd=odd))
        more = f"plugins: [{tmp_path / 'mine'}]\nsupervision: {{ lease: 600, heartbeat: 60 }}\n"
        settings, db = opened(tmp_path, high(), OWN_FILE, more=more)
        opens.append(db)
        feed(db, 99, 98, 97)
        return settings, db

    yield begin
    gc.enable()
    for db in opens:
        db.close()


def reason(db):
    """Why the bar failed."""
    return rows(db, "select reason from decisions where action = 'failed'")[0][0]


ODD = {
    "return 1 / 0": "ZeroDivisionError: division by zero",
    "sys.exit(2)": "SystemExit: 2",
    'return Signal(reason="odd", indicators={"x": {1}})': "TypeError: Object of type set is not JSON serializable",
    LOOP: "took longer than 0.2 s",
    SWALLOWS: "took longer than 0.2 s",
    SLEEP: "took longer than 0.2 s",
}


@pytest.mark.parametrize("odd", ODD)
def test_a_missed_bar_fails_alone(fleet, odd):
    """What came before it is decided, what comes after it too, and the other strategy goes on."""
    settings, db = fleet(odd)
    made = assigned(settings, db)
    ring(made, 2)
    feed(db, 96, 95, 94, 93, first=3)
    ring(made, 6)
    assert actions(db, "own") == ["hold", "hold", "failed", "hold", "hold"]
    assert reason(db) == ODD[odd]
    assert actions(db) == ["hold"] * 5
    assert made.active["own"].failures == 0


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        (C_LOOP, "took longer than 0.2 s"),
        (SLEEP, "took longer than 0.2 s"),
        (CRASH, "its process was ended by SIGSEGV"),
    ],
)
def test_what_has_ended_a_process_fails_alone(fleet, odd, why):
    """Whoever acted for it is gone: it is asked in a child process until it has decided the newest bar."""
    settings, db = fleet(odd)
    assigned(settings, db, "gone")
    run_out(db)
    made = assigned(settings, db)
    assert made.leasing.orphans == {"one", "own"}
    feed(db, 96, 95, 94, first=3)
    for number in (3, 4, 5):
        take(made, SeriesAdvance(series=HOURLY, now_ms=1000 * at(number + 1), upto=at(number)))
        made.leasing.orphans |= {"own"} if number == 3 else set()
    assert actions(db, "own") == ["hold", "failed", "hold"]
    assert reason(db) == why
    assert actions(db) == ["hold"] * 3
    assert made.leasing.orphans == set()


def test_leases_are_kept_while_a_child_is_asked(monkeypatch):
    """On a busy machine its CPU time lasts longer than a lease."""
    monkeypatch.setattr(isolated_process, "WAIT", 0.01)
    waited = []
    questions = [lambda: time.sleep(0.3), lambda: 1 / 0, lambda: 7]
    found = isolated_process.answers(questions, 1.0, 2**60, lambda: waited.append(1))
    assert waited
    assert [found[0], found[1].reason, found[2]] == [None, "ZeroDivisionError: division by zero", 7]


SPINS = """import time
        began = time.thread_time()
        while time.thread_time() < began + 0.15: pass
        return Signal(reason="thought about it")"""
RAISES = """
        if round(indicators.column("volume")[-1]) % 2: raise ValueError("odd")
        return Signal(reason="even")"""
DREAMS = """import time
        time.sleep(0.15)
        return Signal(reason="slept on it")"""


@pytest.mark.parametrize(
    ("said", "bars"), [(SPINS, 20), (DREAMS, 20), (RAISES, 250)], ids=["spins", "dreams", "raises"]
)
def test_who_takes_long_or_raises_holds_up_itself_only(fleet, said, bars):
    """While missed bars are walked the others get to the newest one first; in the end it has decided each as well."""
    settings, db = fleet(said, ALWAYS)
    made = assigned(settings, db)
    ring(made, 2)
    for number in range(3, 3 + bars):
        feed(db, 95, first=number, volume=float(number))
    newest = at(2 + bars)
    advance, whole = SeriesAdvance(series=HOURLY, now_ms=1000 * (newest + HOUR), upto=newest), False
    while len(actions(db)) < 1 + bars:
        whole = take_due(made, [advance]).whole
    assert len(actions(db, "own")) < 0.8 * bars
    while not whole:
        whole = take_due(made, [advance]).whole
    assert len(actions(db, "own")) == 1 + bars


def test_what_was_given_back_is_not_doubted(fleet):
    """A stop in order is no sign of trouble, nor is a lease that we lost ourselves."""
    settings, db = fleet("pass")
    assigned(settings, db, "other").release()
    made = assigned(settings, db)
    run_out(db)
    made.renew()
    assert made.claim() == {"one", "own"}
    assert made.leasing.orphans == set()


def test_all_leases_are_renewed_by_one_row(tmp_path):
    """However many there are, and finding one's part costs the same number of looks."""
    settings, db = opened(tmp_path, *[high(f"s{number}") for number in range(12)])
    with db:
        made, said = assigned(settings, db, shares=True), []
        traced(db, said.append)
        written = changes(db)
        made.renew()
        assert changes(db) == written + 1
        said.clear()
        assert made.claim() == set()
        assert len(said) < 6
        traced(db, None)
        leases.give_up(db, Kind.STRATEGY, "first", ["s3"])
        made.renew()
        assert made.active.keys() == {f"s{number}" for number in range(12)} - {"s3"}
