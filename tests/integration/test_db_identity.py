"""Files taken away: a database that was deleted, replaced or cut short, another fleet's, a `-wal` left behind."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from db.fleet import meta
from db.market_data import storing
from db.sqlite import filesystem, identity
from db.sqlite.connection import connect, connect_readonly, open_file
from db.sqlite.migrate import migrate
from domain.candles import Source
from domain.errors import ConfigError, DatabaseLost
from tests.db_files import deleted, fresh, replaced
from tests.kit.candles import bars
from tests.kit.rows import pragma
from tests.kit.series import HOURLY


@pytest.fixture
def db(tmp_path):
    """A connection to a new database."""
    with fresh(tmp_path / "here") as database:
        yield database


LEAVE_WAL = """
import sys, apsw
apsw.Connection(sys.argv[1]).execute("pragma journal_mode = delete").fetchall()
"""


def note(database, value):
    """A write."""
    with database.write() as tx:
        tx.run("meta_write", key="note", value=value)


def noted(path):
    """What a fresh look finds written."""
    with connect_readonly(path) as reader:
        return [row["value"] for row in reader.read("meta_read", key="note")]


def another(folder):
    """Another fleet's database, closed: its file and its id."""
    with fresh(folder) as database:
        note(database, "theirs")
        return database.path, meta.fleet_id(database)


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", ".lock"])
@pytest.mark.parametrize("harm", [deleted, replaced])
def test_a_file_that_was_taken_away_is_written_to_no_more(db, ending, harm):
    """The file itself, its -wal, its -shm, its lock; the message says which and what to do."""
    note(db, "before")
    harm(db.path.with_name(db.path.name + ending))
    with pytest.raises(DatabaseLost, match=rf"trading\.db{ending} .*`fleet restore FILE`"):
        note(db, "after")


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_a_file_that_was_cut_short_is_written_to_no_more(db, share):
    """Emptied or halved: what SQLite has in memory would hide it."""
    storing.store(db, HOURLY, bars(*range(2000)), Source.EXCHANGE, 1)
    pragma(db, "wal_checkpoint")
    note(db, "before")
    os.truncate(db.path, int(db.path.stat().st_size * share))
    with pytest.raises(DatabaseLost, match="cut short"):
        note(db, "after")


def test_a_file_that_a_vacuum_made_smaller_is_written_to(db):
    """SQLite knows that it is shorter."""
    storing.store(db, HOURLY, bars(*range(2000)), Source.EXCHANGE, 1)
    pragma(db, "wal_checkpoint")
    note(db, "before")
    size = db.path.stat().st_size
    other = open_file(db.path, "rw")
    for sql in ("delete from ohlcv_data", "vacuum", "pragma wal_checkpoint(truncate)"):
        other.execute(sql).fetchall()
    other.close()
    assert db.path.stat().st_size < size
    note(db, "after")
    assert noted(db.path) == ["after"]


def test_a_reader_that_stays_notices_too(db):
    """What it shows would be of a file that nobody writes any more."""
    with connect_readonly(db.path) as reader:
        reader.refuse_lost()
        replaced(db.path)
        with pytest.raises(DatabaseLost, match="replaced"):
            reader.refuse_lost()


def test_the_file_beside_says_whose_the_database_is(db):
    """Written when it is made, and where an older release has not."""
    file = filesystem.beside(db.path, identity.FLEET_ID)
    assert file.read_text() == f"{meta.fleet_id(db)}\n"
    file.unlink()
    migrate(db.path, "real", any_filesystem=True)
    assert file.read_text() == f"{meta.fleet_id(db)}\n"


@pytest.mark.parametrize("make", [os.mkfifo, Path.touch, lambda file: file.symlink_to("/dev/zero")])
def test_a_file_beside_that_says_nothing_is_refused(db, make):
    """At once, with its name and what to do."""
    file = filesystem.beside(db.path, identity.FLEET_ID)
    file.unlink()
    make(file)
    with pytest.raises(ConfigError, match=r"trading.db.fleet_id .*remove that file"):
        connect(db.path, any_filesystem=True)


def test_no_new_database_is_made_where_one_is_gone(db):
    """A newcomer would trade in an empty file; removing the file beside says that this is meant."""
    db.close()
    db.path.unlink()
    for opened in (connect, connect_readonly, lambda path: migrate(path, "real", any_filesystem=True)):
        with pytest.raises(ConfigError, match=r"is gone.*`fleet restore FILE`"):
            opened(db.path)
    filesystem.beside(db.path, identity.FLEET_ID).unlink()
    migrate(db.path, "real", any_filesystem=True)
    assert db.path.exists()


def test_an_empty_file_is_not_opened(db):
    """SQLite would delete the -wal of it, which is all that is left."""
    note(db, "before")
    os.truncate(db.path, 0)
    for opened in (connect, connect_readonly, lambda path: migrate(path, "real", any_filesystem=True)):
        with pytest.raises(ConfigError, match="is empty"):
            opened(db.path)
    assert filesystem.beside(db.path, identity.WAL).stat().st_size


def test_another_fleets_database_is_refused_until_a_person_names_it(db, tmp_path):
    """By workers and by migrate; another name than its own is a mistake."""
    db.close()
    theirs, fleet_id = another(tmp_path / "there")
    theirs.replace(db.path)
    for opened in (connect, lambda path: migrate(path, "real", any_filesystem=True)):
        with pytest.raises(ConfigError, match=f"`fleet up --accept {fleet_id}`"):
            opened(db.path)
    with pytest.raises(ConfigError, match=rf"--accept nobody.*{fleet_id}"):
        migrate(db.path, "real", any_filesystem=True, accept="nobody")
    migrate(db.path, "real", any_filesystem=True, accept=fleet_id)
    with connect(db.path, any_filesystem=True) as now:
        assert meta.fleet_id(now) == fleet_id


def crashed(database, folder):
    """The files of a database in `folder` as a power cut leaves them: with a -wal that holds the newest commits."""
    folder.mkdir()
    for ending in ("", "-wal", identity.FLEET_ID):
        shutil.copy(database.path.with_name(database.path.name + ending), folder)
    return folder / database.path.name


def test_a_wal_of_its_own_is_played(db, tmp_path):
    """After a crash: nothing that was acknowledged is lost, no hand is needed."""
    note(db, "newest")
    path = crashed(db, tmp_path / "crashed")
    assert path.with_name("trading.db-wal").stat().st_size
    migrate(path, "real", any_filesystem=True)
    assert noted(path) == ["newest"]


def test_a_wal_that_another_fleet_left_is_never_played(db, tmp_path):
    """Refused by everybody, readers too; once accepted it is kept under another name."""
    note(db, "ours")
    path = crashed(db, tmp_path / "crashed")
    theirs, fleet_id = another(tmp_path / "there")
    shutil.copy(theirs, path)
    for opened in (connect, connect_readonly, lambda path: migrate(path, "real", any_filesystem=True)):
        with pytest.raises(ConfigError, match=r"trading\.db-wal was left by another database"):
            opened(path)
    (said,) = migrate(path, "real", any_filesystem=True, accept=fleet_id).notes
    assert "trading.db-wal.left" in said
    assert noted(path) == ["theirs"]
    assert path.with_name("trading.db-wal.left").stat().st_size


def test_a_look_at_the_file_itself_drops_no_lock(db):
    """Another process still finds the file in use."""
    assert meta.fleet_id(db)
    identity.stored(db.path)
    done = subprocess.run([sys.executable, "-c", LEAVE_WAL, db.path], capture_output=True, text=True, check=False)
    assert "locked" in done.stderr
