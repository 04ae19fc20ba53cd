"""The door to the database: who gets in, how writing works, and what happens when it fails."""

import fcntl
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from db.database import Database, Transaction
from db.fleet import meta
from db.sqlite.connection import connect, connect_readonly, open_file
from db.sqlite.lock import WriteLock, lock_path
from db.sqlite.migrate import migrate
from domain.errors import ConfigError, Forbidden, LeaseLost, Rejected, Unavailable
from tests.db_files import fresh
from tests.kit.rows import pragma, script, seen


@pytest.fixture
def db(tmp_path):
    """A connection to a new database."""
    with fresh(tmp_path) as database:
        yield database


def note(database: Database, value: str) -> None:
    with database.write() as tx:
        tx.run("meta_write", key="note", value=value)


def is_free(path: Path) -> bool:
    """Whether another process gets the write lock at once."""
    code = "import fcntl, sys; fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX | fcntl.LOCK_NB)"
    command = [sys.executable, "-c", code, lock_path(path)]
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0


def write_and_fail(tx: Transaction) -> None:
    tx.run("meta_write", key="note", value="lost")
    raise KeyError


def noted(database: Database) -> list[str]:
    return [row["value"] for row in database.read("meta_read", key="note")]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 5000),
        ("wal_autocheckpoint", 1000),
        ("journal_size_limit", 67108864),
    ],
)
def test_every_connection_has_the_settings_of_the_house(db, setting, value):
    """Settings that belong to a connection are made on each one."""
    assert pragma(db, setting) == value


def test_a_write_is_seen_by_others_after_its_block(db):
    """Others see a transaction when it is committed, not before."""
    with connect(db.path, any_filesystem=True) as other:
        with db.write() as tx:
            tx.run("meta_write", key="note", value="here")
            assert noted(other) == []
        assert noted(other) == ["here"]


def test_a_block_that_raises_leaves_nothing(db):
    """The transaction is undone, the lock is given back, the error goes on."""
    with pytest.raises(KeyError), db.write() as tx:
        write_and_fail(tx)
    assert noted(db) == []
    note(db, "again")


def test_a_savepoint_is_undone_alone(db):
    """What one part of a transaction did wrong takes nothing else with it."""
    with db.write() as tx:
        tx.run("meta_write", key="note", value="kept")
        with pytest.raises(KeyError), tx.savepoint():
            write_and_fail(tx)
        with tx.savepoint():
            tx.run("meta_write", key="other", value="kept too")
    assert noted(db) == ["kept"]
    assert len(db.read("meta_read", key="other")) == 1


def test_a_write_inside_a_write_is_a_mistake_of_the_program(db):
    """It would wait for itself."""
    with pytest.raises(RuntimeError, match="inside another transaction"), db.write(), db.write():
        pass


def test_a_transaction_that_has_ended_writes_nothing(db):
    """Neither after its block nor after SQLite has rolled it back by itself."""
    with db.write() as tx:
        pass
    with pytest.raises(Unavailable, match="has ended"):
        tx.run("meta_write", key="note", value="late")
    with pytest.raises(Unavailable, match="ended before its commit"), db.write():
        seen(db, "rollback")
    assert noted(db) == []


def test_a_broken_rule_says_which_and_where(db):
    """A value that the schema refuses is Rejected; the message names file, statement and rule."""
    with pytest.raises(Rejected, match=r"trading\.db: meta_write: NOT NULL constraint failed: meta\.value"):
        note(db, None)


def test_reads_of_a_snapshot_see_one_state(db):
    """What others commit meanwhile shows after the block."""
    note(db, "before")
    with connect(db.path, any_filesystem=True) as other, db.snapshot():
        noted(db)
        note(other, "after")
        assert noted(db) == ["before"]
    assert noted(db) == ["after"]


def test_data_version_changes_when_others_write(db):
    """It does not change by itself, nor by looking."""
    with connect(db.path, any_filesystem=True) as other:
        before = db.data_version()
        assert db.data_version() == before
        note(other, "new")
        assert db.data_version() != before


def test_writers_of_other_threads_wait_for_each_other(db):
    """The second writer gets its turn when the first one is done."""
    order = []

    def second():
        with connect(db.path, any_filesystem=True) as other, other.write():
            order.append("second")

    with db.write():
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.1)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_waiting_for_a_writer_that_hangs_has_an_end(db):
    """The waiter is told what to look for, and gets the lock when it is free again."""
    db._lock._limit = 0.05
    stopped = os.open(lock_path(db.path), os.O_RDWR)
    fcntl.flock(stopped, fcntl.LOCK_EX)
    with pytest.raises(Unavailable, match=r"write lock for 0\.05 s"):
        note(db, "too early")
    os.close(stopped)
    note(db, "now")
    assert noted(db) == ["now"]


def test_a_place_in_the_queue_that_was_given_up_blocks_nobody(tmp_path):
    """The thread left behind gives its turn away when it comes."""
    first, second = WriteLock(tmp_path / "a"), WriteLock(tmp_path / "a", limit=0.01)
    first.acquire()
    with pytest.raises(Unavailable):
        second.acquire()
    first.release()
    second.acquire()
    second.release()
    first.acquire()
    first.close()
    second.close()


def test_children_do_not_inherit_the_lock(db):
    """A child that outlives its parent must not hold the fleet up."""
    with db.write():
        assert not is_free(db.path)
        child = subprocess.Popen(["sleep", "60"], close_fds=False)
    try:
        assert is_free(db.path)
    finally:
        child.kill()
        child.wait()


def test_a_missing_file_names_the_command(tmp_path):
    """Workers do not create a database."""
    with pytest.raises(ConfigError, match="run `fleet migrate`"):
        connect(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


def test_files_that_are_no_database_of_ours_are_refused(tmp_path):
    """Text, somebody else's database and an empty file each get their own words."""
    text, foreign, empty = (tmp_path / name for name in ("text.db", "foreign.db", "empty.db"))
    text.write_bytes(b"this is a letter, not a database" * 100)
    empty.touch()
    script(foreign, "create table t (a)")
    for path, kind, words in (
        (text, ConfigError, "is no database that can be read"),
        (foreign, ConfigError, "not a fleet's"),
        (empty, ConfigError, "run `fleet migrate`"),
    ):
        with pytest.raises(kind, match=words):
            connect(path, any_filesystem=True)


def test_a_file_of_another_schema_is_refused(db):
    """Newer: update the program. Older: migrate."""
    for version, words in (("99", "update the program"), ("1", "run `fleet migrate`")):
        with db.write() as tx:
            tx.run("meta_write", key="schema_version", value=version)
            tx.run("meta_write", key="writable_from", value=version)
        with pytest.raises(ConfigError, match=words):
            connect(db.path, any_filesystem=True)


def test_a_file_without_wal_is_refused(db):
    """Readers would block writers; `fleet migrate` switches it back."""
    db.close()
    connection = open_file(db.path, "rw")
    connection.execute("pragma journal_mode = delete").fetchall()
    connection.close()
    with pytest.raises(ConfigError, match="in WAL mode: run `fleet migrate`"):
        connect(db.path, any_filesystem=True)


def test_a_reader_cannot_write(db):
    """Reports open the file for reading only, beside writers or alone."""
    note(db, "seen")
    with connect_readonly(db.path) as reader:
        assert noted(reader) == ["seen"]
        with pytest.raises(Forbidden, match="reading only"):
            note(reader, "no")
    db.close()
    with connect_readonly(db.path) as reader:
        assert noted(reader) == ["seen"]
        assert meta.environment(reader) == "real"


def test_a_full_disk_is_unavailable_and_changes_nothing(db):
    """When no page can be added the transaction is undone as a whole."""
    pages = pragma(db, "page_count")
    pragma(db, f"max_page_count = {pages}")
    with pytest.raises(Unavailable, match="make room"), db.write() as tx:
        tx.run_many("meta_write", [{"key": f"k{n}", "value": "x" * 1000} for n in range(100)])
    assert db.read("meta_read", key="k0") == []


def test_a_folder_that_cannot_be_written_is_forbidden(tmp_path):
    """Something else has the lock file's name."""
    with fresh(tmp_path) as database:
        path = database.path
    lock_path(path).unlink()
    lock_path(path).mkdir()
    with pytest.raises(Forbidden, match="a folder stands where a file has to be"):
        connect(path, any_filesystem=True)


def test_a_link_leads_to_the_file_and_its_locks(tmp_path):
    """One write lock and one kill switch, by whatever name; a link whose file is still missing is migrated too."""
    (tmp_path / "disk").mkdir()
    link = tmp_path / "trading.db"
    link.symlink_to("disk/trading.db")
    migrate(link, "real", any_filesystem=True)
    with connect(link, any_filesystem=True) as db, db.write():
        assert db.path == tmp_path / "disk" / "trading.db"
        assert not is_free(db.path)
    assert {each.name for each in tmp_path.iterdir()} == {"trading.db", "disk"}


@pytest.mark.parametrize("opened", [connect_readonly, lambda path: connect(path, any_filesystem=True)])
def test_a_second_name_of_the_file_is_refused(db, opened):
    """Who opens it by a hard link plays another -wal and looks for another kill switch."""
    other = db.path.with_name("other.db")
    other.hardlink_to(db.path)
    for path in (db.path, other):
        with pytest.raises(Forbidden, match="second name"):
            opened(path)
    with pytest.raises(Forbidden, match="second name"):
        migrate(other, "real", any_filesystem=True)


def test_behind_a_fence_nothing_is_written_that_it_refuses(db):
    """The check sees what the transaction sees, and only within the block."""

    def check(tx):
        if tx.read("meta_read", key="note"):
            raise LeaseLost("somebody else acts")

    with db.fenced(check):
        note(db, "first")
        with pytest.raises(LeaseLost):
            note(db, "second")
    assert noted(db) == ["first"]
    note(db, "third")
    assert noted(db) == ["third"]
