"""What a trader asks and writes at a look, a heartbeat and a start, as the strategies and series that it has grow."""

from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import pytest

from db.fleet import meta
from db.sqlite.connection import connect
from db.sqlite.transaction import StatementReader
from runtime import clock, heartbeat
from runtime.clock import Clock
from runtime.heartbeat import Heartbeat
from runtime.reload import Configuration
from strategies.kinds import SHIPPED
from tests.kit.rows import changes
from tests.trading import high, opened
from trader.assignments import Assignments
from trader.configuration_sync import ConfigurationSync
from trader.exchange_time import ExchangeTime
from trader.worker import TraderWorker

BATCHES = 8  # in which a thousand strategies are taken; ten are one
READS = 4  # of one batch: does it live, who has them, what do they have, are they ours still


def files(count, series):
    """So many strategies, dealt out to so many series."""
    symbols = ", ".join(f"C{number}/USDT" for number in range(series))
    one = high("ID").replace("symbol: BTC/USDT", f"matrix: {{ symbol: [{symbols}] }}")
    return [one.replace("ID", f'"s{number}-{{base}}"') for number in range(count // series)]


class Process:
    """A trader's process that has not looked yet."""

    def __init__(self, settings, db):
        configuration, who = Configuration(lambda: (settings, SHIPPED)), heartbeat.worker("trader")
        sync = ConfigurationSync(db=db, who=who, configuration=configuration, now_ms=clock.now_ms)
        beats = Heartbeat(db, who, settings.supervision)
        made = Assignments(db=db, settings=settings, wanted={}, built={}, beats=beats, shares=True)
        self.worker = TraderWorker(assignments=made, time=ExchangeTime(Clock()), configuration=configuration, sync=sync)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.worker.assignments.release()
        self.worker.assignments.beats.leave()

    def look(self):
        """Somebody else has committed."""
        with connect(self.worker.assignments.db.path, any_filesystem=True) as db:
            meta.set_backup(db, clock.steady_ms(), "file")
        self.worker.turn()

    def beat(self):
        """A look at the time of a heartbeat."""
        self.worker.assignments.beats._due_ms = 0
        self.worker.turn()


@contextmanager
def trading(folder, count, series):
    """A process that has taken all of them, and a heartbeat."""
    settings, db = opened(folder, *files(count, series))
    with db, Process(settings, db) as process:
        process.worker.turn()
        process.beat()
        process.look()
        assert len(process.worker.assignments.active) == count
        yield settings, db, process


@pytest.fixture
def asked(monkeypatch):
    """The names of the statements that were asked, one for many rows once: each is a journey to the database."""
    found = []
    for name in ("read", "read_as", "read_each"):
        _told(monkeypatch, name, found)
    return found


def _told(monkeypatch, name, found):
    real = getattr(StatementReader, name)

    def told(self, *what, **params):
        found.append(next(each for each in what if isinstance(each, str)))
        return real(self, *what, **params)

    monkeypatch.setattr(StatementReader, name, told)


@pytest.mark.parametrize("name", ["look", "beat"])
def test_a_look_and_a_heartbeat_ask_no_more_for_more_strategies(tmp_path, asked, name):
    """Ten on ten series, a thousand on ten, two hundred and fifty on as many; only a heartbeat writes, its life."""
    found = []
    for count, series in ((10, 10), (1_000, 10), (250, 250)):
        with trading(tmp_path / f"{count}", count, series) as (_, db, process):
            before = changes(db)
            asked.clear()
            getattr(process, name)()
            found.append((list(asked), changes(db) - before))
    assert {"look": "candles_due", "beat": "claims_count"}[name] in found[0][0]
    assert found == [(found[0][0], name == "beat")] * 3


def test_one_changed_file_is_registered_as_if_it_were_alone(tmp_path, asked):
    """The others are looked at, not written: its run, itself, its ledger and totals, and what tells that it changed."""
    found = []
    for count in (10, 1_000):
        with trading(tmp_path / f"{count}", count, 10) as (settings, db, process):
            changed, *others = settings.strategies
            changed = replace(changed, terms=replace(changed.terms, capital=Decimal(1500)))
            process.worker.configuration.current = (replace(settings, strategies=(changed, *others)), SHIPPED)
            before = changes(db)
            asked.clear()
            process.beat()
            found.append((list(asked), changes(db) - before))
            assert len(process.worker.assignments.active) == count
            assert process.worker.assignments.active[changed.strategy_id].run_id.endswith(".2")
    assert found == [(found[0][0], 8)] * 2


def test_a_start_where_nothing_changed_writes_its_claims_only(tmp_path, asked):
    """And reads no more for each strategy: a batch has its statements."""
    reads, written = [], []
    for count in (10, 1_000):
        with trading(tmp_path / f"{count}", count, 10) as (settings, db, process):
            process.__exit__()
            before = changes(db)
            with Process(settings, db) as again:
                asked.clear()
                again.worker.turn()
                reads.append(len(asked))
                assert len(again.worker.assignments.active) == count
                written.append(changes(db) - before - count)
    assert written == [1, BATCHES]  # its life, which is renewed after each batch but the first
    assert 20 < reads[1] == reads[0] + (BATCHES - 1) * READS
