"""Creating and migrating the database, alone and in a race."""

import re
import subprocess
import sys

import pytest

from db import statements
from db.fleet import controls, meta
from db.fleet.controls import Level
from db.sqlite.connection import connect, open_file
from db.sqlite.migrate import migrate
from db.statements import Migration
from domain.errors import ConfigError, Rejected
from tests.db_files import fresh
from tests.kit.rows import ConstraintError, Error, change, rows, script

RACER = """
import sys
from pathlib import Path
from db.sqlite.migrate import migrate
sys.stdin.readline()
migrate(Path(sys.argv[1]), "real", any_filesystem=True)
"""


def objects(where):
    """Tables and indexes as text without regard to white space and comments."""
    found = rows(where, "select type, name, sql from sqlite_master where type <> 'view' order by name")
    plain = [(kind, name, re.sub(r"--[^\n]*", "", sql or "")) for kind, name, sql in found]
    return [(kind, name, _plain(sql.replace(f'"{name}"', name))) for kind, name, sql in plain]


def _plain(sql):
    """Without white space: where a column was added or a table renamed, SQLite keeps other blanks than we write."""
    return re.sub(r" ?([(),]) ?", r"\1", " ".join(sql.split()))


def test_the_schema_is_where_migrations_lead(tmp_path):
    """A database from schema.sql and one from all migrations are the same."""
    script(tmp_path / "written.db", statements.SCHEMA.read_text("utf-8"))
    with fresh(tmp_path) as db:
        assert objects(db) == objects(tmp_path / "written.db")


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
    first = migrate(path, "simulated", clock="first", any_filesystem=True).version
    with connect(path, any_filesystem=True) as db:
        known = meta.fleet_id(db)
        assert migrate(path, "simulated", clock="second", any_filesystem=True).version == first
        assert first == statements.schema_version()
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
    script(tmp_path / "trading.db", "create table t (a)")
    with pytest.raises(ConfigError, match="not a fleet's"):
        migrate(tmp_path / "trading.db", "real", any_filesystem=True)


def with_steps(monkeypatch, *scripts):
    """Let the house have further migrations."""
    known = statements.migrations()
    steps = [Migration(len(known) + n, f"{n:04}", tuple(statements.split(text))) for n, text in enumerate(scripts, 1)]
    monkeypatch.setattr("db.sqlite.migrate.migrations", lambda: (*known, *steps))
    monkeypatch.setattr("db.sqlite.migrate.schema_version", lambda: len(known) + len(steps))


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
        with pytest.raises(Error, match="nowhere"):
            migrate(db.path, "real", any_filesystem=True)
        names = {name for _, name, _ in objects(db)}
        assert "one" in names
        assert "two" not in names


REBUILT = """\
create table strategies_new as select * from strategies;
drop table strategies;
create table strategies (strategy_id text primary key, kind text) strict, without rowid;
insert into strategies select strategy_id, kind from strategies_new;
drop table strategies_new;
"""
STRATEGY = """
insert into strategies (strategy_id, exchange, symbol, timeframe, mode, kind, quote, capital)
values ('one', 'binance', 'BTC/USDT', '1h', 'paper', 'rsi', 'USDT', 1000)
"""


def test_a_table_that_others_reference_can_be_built_anew(tmp_path, monkeypatch):
    """The rows that reference it stay, and references are enforced again afterwards."""
    with fresh(tmp_path) as db:
        change(db, STRATEGY)
        change(db, "insert into retention_marks values ('one', 1, 1)")
        with_steps(monkeypatch, REBUILT)
        migrate(db.path, "real", any_filesystem=True)
        assert rows(db, "select strategy_id, equity_before from retention_marks") == [("one", 1)]
        assert rows(db, "pragma foreign_key_check") == []
        with pytest.raises(ConstraintError, match="FOREIGN KEY"):
            change(db, "insert into retention_marks values ('nobody', 1, 1)")


def test_a_migration_that_leaves_rows_dangling_is_undone(tmp_path, monkeypatch):
    """What would reference nothing is named, and nothing has changed."""
    with fresh(tmp_path) as db:
        change(db, STRATEGY)
        change(db, "insert into retention_marks values ('one', 1, 1)")
        with_steps(monkeypatch, "delete from strategies;")
        with pytest.raises(Rejected, match="retention_marks in strategies"):
            migrate(db.path, "real", any_filesystem=True)
        assert rows(db, "select count(*) from strategies")[0][0] == 1
        assert db.read("meta_read", key="schema_version")[0]["value"] == str(statements.schema_version())


def released(folder, monkeypatch, version, inserts):
    """A database of an older schema with these rows, as its release has left it."""
    path, steps = folder / "trading.db", statements.migrations()[:version]
    with monkeypatch.context() as patched:
        patched.setattr("db.sqlite.migrate.migrations", lambda: steps)
        patched.setattr("db.sqlite.migrate.views", tuple)
        migrate(path, "real", any_filesystem=True)
    script(path, inserts)
    return path


ORDERED = (
    STRATEGY.strip()
    + """;
insert into controls values
('one', 'stop', 'holiday', 1), ('one/exit', 'exit', 'news', 2), ('gone/exit', 'exit', 'x', 3);
"""
)


def test_orders_to_sell_of_an_older_release_stand(tmp_path, monkeypatch):
    """From schema 13: beside what is forbidden, for every strategy that there is."""
    path = released(tmp_path, monkeypatch, 13, ORDERED)
    migrate(path, "real", any_filesystem=True)
    with connect(path, any_filesystem=True) as db:
        assert controls.standing(db) == [("one", (Level.STOP, "holiday", 1)), ("one", (Level.EXIT, "news", 2))]


def test_views_follow_their_file(tmp_path, monkeypatch):
    """Views are renewed where the file's text differs, and those that left the file go."""
    with fresh(tmp_path) as db:
        for script in (
            "create view a as select 1 as x;\ncreate view b as select 2 as x;",
            "create view a as select 3 as x;",
        ):
            monkeypatch.setattr("db.sqlite.migrate.views", lambda script=script: tuple(statements.split(script)))
            migrate(db.path, "real", any_filesystem=True)
        reader = open_file(db.path, "ro")
        assert [tuple(row) for row in reader.execute("select name from sqlite_master where type = 'view'")] == [("a",)]
        assert reader.execute("select x from a").fetchall()[0][0] == 3
        reader.close()
