"""What a trader's files say reaches the database, whatever stands in the way; and whose files count there."""

import os
from contextlib import contextmanager

import pytest

from config.load import load
from db.fleet import configurations, workers
from db.fleet.workers import Worker
from db.sqlite.connection import connect
from db.sqlite.lock import WriteLock
from db.trading import strategies
from domain.errors import Unavailable
from runtime.reload import Configuration
from strategies import kinds
from strategies.kinds import SHIPPED
from tests.kit.rows import changes, rows, traced
from tests.replayed import settings as configured
from tests.trading import high, living, opened
from trader.configuration_sync import ConfigurationSync

NOW = 1_000_000  # milliseconds


class Trader:
    """A trader's view of a folder of files, with a heartbeat."""

    def __init__(self, db, folder, name, *files):
        self.db, self.folder = db, folder
        self.write(*files)
        self.configuration = Configuration(lambda: (configured(self.folder, self.files), SHIPPED))
        self.who = Worker(worker_id=name, room="trader", host=name, pid=1, started_ms=NOW)
        self.sync = ConfigurationSync(db=db, who=self.who, configuration=self.configuration, now_ms=lambda: NOW)

    def write(self, *files):
        """Other files from now on."""
        self.files = files

    def look(self):
        """A heartbeat: read again, register, tell."""
        self.configuration.reload_next_time()
        self.configuration.reload_if_changed()
        self.sync.settled()
        object.__setattr__(self.who, "detail", self.sync.heartbeat_detail)
        living(self.db, self.who, NOW)
        return self.sync.differs


@pytest.fixture
def db(tmp_path):
    """A database without strategies."""
    _, db = opened(tmp_path)
    with db:
        yield db


@contextmanager
def locked(db, monkeypatch):
    """Somebody else holds the lock."""
    monkeypatch.setattr(WriteLock.__init__, "__defaults__", (0.05,))
    with connect(db.path, any_filesystem=True) as other, other.write():
        yield


def enabled(db):
    """The strategies that are enabled."""
    return [row[0] for row in rows(db, "select strategy_id from strategies where enabled = 1 order by 1")]


def test_a_change_that_meets_a_lock_is_not_lost(db, tmp_path, monkeypatch):
    """It is registered at the next look."""
    one = Trader(db, tmp_path / "a", "a", high("one"))
    one.look()
    one.write(high("one"), high("two"))
    one.configuration.reload_next_time()
    one.configuration.reload_if_changed()
    with locked(db, monkeypatch), pytest.raises(Unavailable):
        one.sync.settled()
    assert one.sync.settled()
    assert enabled(db) == ["one", "two"]
    assert not one.sync.settled()


def test_a_reading_that_fails_is_tried_again(tmp_path):
    """Whatever stood in its way."""
    before, after = configured(tmp_path, []), configured(tmp_path, [high("one")])
    found = [(after, {}), Unavailable("not now"), (before, {})]

    def read():
        each = found.pop()
        if isinstance(each, Exception):
            raise each
        return each

    made = Configuration(read)
    made.reload_next_time()
    with pytest.raises(Unavailable):
        made.reload_if_changed()
    assert made.reload_if_changed()
    assert len(made.current[0].strategies) == 1


def put_in_place(file, text, make):
    """Another text in a file, of the same size and time of writing, and what is made of it."""
    facts, other = file.stat(), file.with_name("other")
    other.write_text(text)
    os.utime(other, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    make(other, file)
    os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (facts.st_size, facts.st_mtime_ns)


@pytest.mark.parametrize("make", [os.replace, lambda other, file: file.write_bytes(other.read_bytes())])
def test_a_file_that_keeps_its_size_and_time_is_read(tmp_path, make):
    """Moved into the place of the one before, or written into it: `cp -p`, `rsync -t`."""
    directory = configured(tmp_path, [high("one")]).directory
    made = Configuration(lambda: (load(directory, kinds.load), SHIPPED))
    assert not made.reload_if_changed()
    file = directory / "strategies" / "0.yaml"
    put_in_place(file, file.read_text().replace("capital: 1000", "capital: 2000"), make)
    assert made.reload_if_changed()
    assert [each.terms.capital for each in made.current[0].strategies] == [2000]


def test_other_files_trade_nothing_and_disable_nobody(db, tmp_path):
    """The process that brings them says so; the fleet goes on."""
    one, other = (Trader(db, tmp_path / name, name, high(name)) for name in ("one", "other"))
    assert one.look() is None
    assert "registered by one" in other.look()
    assert enabled(db) == ["one"]
    assert "differ" in other.sync.heartbeat_detail["configuration"]
    assert configurations.agreed(db).host == "one"


def test_a_change_counts_for_those_who_have_not_read_it_yet(db, tmp_path):
    """They stand back until they have, whichever way round."""
    one, two = (Trader(db, tmp_path / name, name, high("one")) for name in ("a", "b"))
    one.look(), two.look()
    two.write(high("one"), high("two"))
    assert two.look() is None
    assert one.look() is not None
    one.write(high("one"), high("two"))
    assert one.look() is None
    assert enabled(db) == ["one", "two"]


def test_where_all_stands_as_it_should_one_read_is_all(db, tmp_path):
    """At every heartbeat, of ten thousand strategies too; there is nothing new to follow."""
    one = Trader(db, tmp_path / "a", "a", high("one"))
    assert one.sync.settled()
    asked = []
    traced(db, asked.append)
    assert not one.sync.settled()
    traced(db, None)
    assert len(asked) == 1


def test_a_start_where_nothing_changed_writes_nothing(db, tmp_path, monkeypatch):
    """Not even the lock is taken, which somebody else may hold for as long as he likes; no file is made fit to be kept
    once more, which takes longer than all the rest.
    """
    files = [f"# a comment\n{high('one')}", high("two")]
    assert Trader(db, tmp_path / "a", "a", *files).sync.settled()
    before = changes(db)
    monkeypatch.delattr("config.files.bare")
    with locked(db, monkeypatch):
        again = Trader(db, tmp_path / "a", "b", *files)
        assert again.sync.settled()
    assert (changes(db), enabled(db)) == (before, ["one", "two"])


def test_files_are_kept_without_comments_whatever_those_say(db, tmp_path):
    """Another comment makes other files, of which the same is kept."""
    kept = []
    for comment in ("one", "other"):
        Trader(db, tmp_path / "a", "a", f"# {comment}\n{high('one')}").look()
        kept.append(configurations.good(db))
    assert kept[0].digest != kept[1].digest
    assert kept[0].files == kept[1].files
    assert "#" not in "".join(kept[0].files.values())


def test_whoever_stood_back_goes_on_when_the_others_come_back(db, tmp_path):
    """To the files that were its own all the time: it reads nothing anew to see that."""
    one, two = (Trader(db, tmp_path / name, name, high("one")) for name in "ab")
    assert one.look() is None
    two.look()
    two.write(high("one").replace("capital: 1000", "capital: 1500"))
    assert two.look() is None
    assert [one.look(), one.sync.settled()] == [one.sync.differs, False]
    two.write(high("one"))
    assert two.look() is None
    assert (one.sync.settled(), one.sync.differs, one.sync.settled()) == (True, None, False)


def test_what_did_not_fit_is_tried_again_and_no_other(db, tmp_path):
    """A withdrawal that was too large, until the cash suffices; nobody is told of a change before there is one."""
    one = Trader(db, tmp_path / "a", "a", high("one"), high("two"))
    one.look()
    with db.write() as tx:
        tx.run("positions_deposit", strategy_id="one", cash=10.0)
    one.write(high("one").replace("capital: 1000", "capital: 900"), high("two"))
    one.look()
    assert list(one.sync.troubles) == ["one"]
    known = strategies.version(db)
    with db.write() as tx:
        tx.run("strategies_enable", strategy_id="two", enabled=0)
    assert (one.sync.settled(), strategies.version(db), enabled(db)) == (False, known, ["one"])
    with db.write() as tx:
        tx.run("positions_deposit", strategy_id="one", cash=1000.0)
    assert (one.sync.settled(), one.sync.troubles, strategies.version(db) > known) == (True, {}, True)
    assert rows(db, "select run_id, enabled, state_reason from strategies order by 1") == [
        ("one.2", 1, None),
        ("two.1", 0, None),
    ]


def test_files_that_nobody_follows_any_more_give_way(db, tmp_path):
    """The fleet was stopped, its files were changed, it starts again."""
    one = Trader(db, tmp_path / "a", "a", high("one"))
    one.look()
    workers.leave(db, "a")
    assert Trader(db, tmp_path / "b", "b", high("two")).look() is None
    assert enabled(db) == ["two"]


def test_a_rename_has_everybody_register_again(db, tmp_path):
    """The files still name the id that was freed: it begins anew without a restart."""
    one = Trader(db, tmp_path / "a", "a", high("one"))
    one.look()
    strategies.rename(db, "one", "old", 1 << 50)
    one.look()
    assert enabled(db) == ["one"]
