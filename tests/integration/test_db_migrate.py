"""Creating and migrating the database, alone and in a race."""

import re
import subprocess
import sys

import pysqlite3
import pytest

from db import meta, statements
from db.connection import connect, open_file
from db.migrate import migrate
from db.statements import Migration
from domain.errors import ConfigError
from tests.db_files import fresh

RACER = """
import sys
from pathlib import Path
from db.migrate import migrate
sys.stdin.readline()
migrate(Path(sys.argv[1]), "real", any_filesystem=True)
"""


def objects(connection):
    """Tables and indexes as text without regard to white space and comments."""
    rows = connection.execute("select type, name, sql from sqlite_master where type <> 'view' order by name").fetchall()
    plain = [(row[0], row[1], re.sub(r"--[^\n]*", "", row[2] or "")) for row in rows]
    return [(kind, name, " ".join(sql.split())) for kind, name, sql in plain]


def test_the_schema_is_where_migrations_lead(tmp_path):
    """A database from schema.sql and one from all migrations are the same."""
    written = pysqlite3.connect(":memory:")
    written.executescript(statements.SCHEMA.read_text("utf-8"))
    with fresh(tmp_path) as db:
        assert objects(db._connection) == objects(written)


def test_ten_processes_may_race_to_a_new_file(tmp_path):
    """None fails, and all find the same database."""
    path = tmp_path / "deep" / "trading.db"
    racers = [
        subprocess.Popen([sys.executable, "-c", RACER, path], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(10)
    ]
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    assert [(racer.communicate()[1], racer.returncode) for racer in racers] == [("", 0)] * 10
    with connect(path, any_filesystem=True) as db:
        assert len(meta.fleet_id(db)) == 16


def test_migrating_again_keeps_what_the_database_is(tmp_path):
    """fleet_id and clock are drawn once."""
    path = tmp_path / "trading.db"
    first = migrate(path, "simulated", clock="first", any_filesystem=True)
    with connect(path, any_filesystem=True) as db:
        known = meta.fleet_id(db)
        assert migrate(path, "simulated", clock="second", any_filesystem=True) == first == statements.schema_version()
        assert (meta.fleet_id(db), meta.clock_text(db), meta.environment(db)) == (known, "first", "simulated")


def test_the_clock_can_be_set(tmp_path):
    """A real database has no clock until somebody sets one."""
    with fresh(tmp_path) as db:
        assert meta.clock_text(db) is None
        meta.set_clock(db, '{"speed": 60}')
        assert meta.clock_text(db) == '{"speed": 60}'


def test_real_and_simulated_data_never_mix(tmp_path):
    """The message says what is in the file and how to go on."""
    with fresh(tmp_path, "simulated") as db:
        with pytest.raises(ConfigError, match=r"simulated data.*--database"):
            migrate(db.path, "real", any_filesystem=True)
        with pytest.raises(ConfigError, match=r"simulated data.*--database"):
            meta.check_environment(db, "real")
        meta.check_environment(db, "simulated")


def test_an_environment_that_does_not_exist_is_refused(tmp_path):
    """Nothing is created for a typing error."""
    with pytest.raises(ConfigError, match="use real or simulated"):
        migrate(tmp_path / "trading.db", "reel", any_filesystem=True)
    assert list(tmp_path.iterdir()) == []


def test_a_newer_database_is_refused(tmp_path):
    """An old program does not touch it."""
    with fresh(tmp_path) as db:
        with db.write() as tx:
            tx.run("meta_write", key="schema_version", value="99")
        with pytest.raises(ConfigError, match="update the program"):
            migrate(db.path, "real", any_filesystem=True)


def test_somebody_elses_database_is_refused(tmp_path):
    """Its tables stay as they are."""
    connection = pysqlite3.connect(tmp_path / "trading.db")
    connection.execute("create table t (a)")
    connection.close()
    with pytest.raises(ConfigError, match="not a fleet's"):
        migrate(tmp_path / "trading.db", "real", any_filesystem=True)


def with_steps(monkeypatch, *scripts):
    """Let the house have further migrations."""
    known = statements.migrations()
    steps = [Migration(len(known) + n, f"{n:04}", tuple(statements.split(text))) for n, text in enumerate(scripts, 1)]
    monkeypatch.setattr("db.migrate.migrations", lambda: (*known, *steps))
    monkeypatch.setattr("db.migrate.schema_version", lambda: len(known) + len(steps))


def test_a_new_migration_is_applied_once(tmp_path, monkeypatch):
    """It is recorded in the transaction that applies it."""
    with fresh(tmp_path) as db:
        with_steps(monkeypatch, "create table later (a);")
        migrate(db.path, "real", any_filesystem=True)
        migrate(db.path, "real", any_filesystem=True)
        assert db.read("meta_read", key="schema_version")[0]["value"] == str(statements.schema_version() + 1)


def test_a_migration_that_fails_leaves_nothing(tmp_path, monkeypatch):
    """Its first half is undone; what was applied before it stands."""
    with fresh(tmp_path) as db:
        with_steps(monkeypatch, "create table one (a);", "create table two (a);\ninsert into nowhere values (1);")
        with pytest.raises(pysqlite3.OperationalError, match="nowhere"):
            migrate(db.path, "real", any_filesystem=True)
        names = {name for _, name, _ in objects(db._connection)}
        assert "one" in names
        assert "two" not in names


def test_views_follow_their_file(tmp_path, monkeypatch):
    """Views are renewed where the file's text differs, and those that left the file go."""
    with fresh(tmp_path) as db:
        for script in (
            "create view a as select 1 as x;\ncreate view b as select 2 as x;",
            "create view a as select 3 as x;",
        ):
            monkeypatch.setattr("db.migrate.views", lambda script=script: tuple(statements.split(script)))
            migrate(db.path, "real", any_filesystem=True)
        reader = open_file(db.path, "ro")
        assert [tuple(row) for row in reader.execute("select name from sqlite_master where type = 'view'")] == [("a",)]
        assert reader.execute("select x from a").fetchall()[0][0] == 3
        reader.close()
