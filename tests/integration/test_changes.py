"""Following a fleet: what was written after a transaction, each row once, at the price of a look where nothing was."""

from threading import Thread

import pytest

from db.fleet import events
from db.fleet.events import Code, Event
from db.sqlite import backup
from db.sqlite.connection import connect, connect_readonly
from db.sqlite.restore import Expected, restore
from tests.db_files import fresh
from tests.kit.rows import seen, traced
from tests.lives import Life

BIG = 1_700_000_000_000  # ms: numbers begin at the moment at which a database is made


@pytest.fixture
def db(tmp_path):
    """A new database."""
    with fresh(tmp_path) as found:
        yield found


def write(db, *subjects):
    """Events of one transaction; its number."""
    with db.write() as tx:
        events.note(tx, *(Event(1, Code.LOST, each, "") for each in subjects))
        return tx.transaction_id


def fail_halfway(tx):
    """A part of a transaction that writes, then raises."""
    with tx.savepoint():
        events.note(tx, Event(1, Code.LOST, "undone", ""))
        raise ValueError("undone")


def subjects(found):
    """What the events of some changes are about."""
    return [row["subject"] for row in found.events]


def test_rows_are_given_once(db):
    """Those after the transaction that was given last, in the order in which they were written."""
    begin = db.changes(0)
    first, second = write(db, "one", "two"), write(db, "three")
    found = db.changes(begin.transaction_id)
    assert subjects(found) == ["one", "two", "three"]
    assert begin.transaction_id < first < second == found.transaction_id
    assert subjects(db.changes(first)) == ["three"]
    assert db.changes(second) == (second, (), (), ())


def test_others_are_heard_of(db, tmp_path):
    """What another connection commits is found by the next look, also after many that found nothing."""
    with connect_readonly(tmp_path / "trading.db") as follower:
        mark = follower.changes(0).transaction_id
        for number in range(3):
            assert [follower.changes(mark).transaction_id for _ in range(3)] == [mark] * 3
            write(db, str(number))
            found = follower.changes(mark)
            assert subjects(found) == [str(number)]
            mark = found.transaction_id


def test_a_look_that_finds_nothing_reads_nothing(db, tmp_path):
    """It asks SQLite for the version of the data, and no table."""
    write(db, "one")
    with connect_readonly(tmp_path / "trading.db") as follower:
        mark = follower.changes(0).transaction_id
        follower.changes(mark)
        said = []
        traced(follower, said.append)
        assert subjects(follower.changes(mark)) == []
        assert said == ["pragma data_version"]


def test_no_commit_is_missed_beside_writers(db, tmp_path):
    """Four writers, and one who follows them by batches of three rows."""

    def writer(name):
        with connect(tmp_path / "trading.db", any_filesystem=True) as mine:
            for number in range(50):
                write(mine, f"{name}{number}", f"{name}{number}b")

    threads = [Thread(target=writer, args=(name,)) for name in "abcd"]
    mark, seen = db.changes(0).transaction_id, []
    for each in threads:
        each.start()
    while len(seen) < 400:
        found = db.changes(mark, 3)
        seen, mark = seen + subjects(found), found.transaction_id
    for each in threads:
        each.join()
    assert len(set(seen)) == len(seen) == 400
    assert subjects(db.changes(mark)) == []


def test_a_batch_holds_whole_transactions(db):
    """However large one is, and however few rows are asked for."""
    mark = db.changes(0).transaction_id
    write(db, "one", "two", "three")
    last = write(db, "four")
    first = db.changes(mark, 1)
    assert subjects(first) == ["one", "two", "three"]
    assert subjects(db.changes(first.transaction_id, 1)) == ["four"]
    assert db.changes(last).transaction_id == last


def test_what_is_undone_has_no_number(db):
    """A part of a transaction that is undone takes its number along; what follows it gets one that nobody else has."""
    with db.write() as tx:
        with pytest.raises(ValueError, match="undone"):
            fail_halfway(tx)
        events.note(tx, Event(1, Code.LOST, "done", ""))
    assert write(db, "next") == db.changes(0).transaction_id
    assert [row["subject"] for row in db.changes(0).events] == ["done", "next"]
    assert len({row["transaction_id"] for row in db.changes(0).events}) == 2


def test_decisions_and_trades_are_among_them(tmp_path):
    """All that a fleet has decided and traded is given once, in batches."""
    life = Life(tmp_path, 5).walk(120)
    mark, decisions, trades = 0, [], []
    while (found := life.db.changes(mark, 20)).transaction_id > mark:
        mark, decisions, trades = found.transaction_id, decisions + found.decisions, trades + found.trades
    for table, rows in (("decisions", decisions), ("trades", trades)):
        stored = seen(life.db, f"select * from {table}")
        assert sorted(map(tuple, rows)) == sorted(map(tuple, stored)) != []
    life.db.close()


def test_a_copy_draws_higher_numbers(db, tmp_path):
    """Whoever follows the database in whose place a backup comes misses nothing that is written after it."""
    file = backup.back_up(db, tmp_path / "copy.db", lambda done, pages: None).file
    mark = max(write(db, "lost") for _ in range(20))
    path = db.path
    db.close()
    restore(file, path, Expected("real"), "20250101T000000Z", any_filesystem=True)
    with connect(path, any_filesystem=True) as again:
        assert write(again, "after") > mark > BIG
        assert subjects(again.changes(mark)) == ["after"]
