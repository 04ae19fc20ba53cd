"""Populated databases of every schema since 1 become the newest: row by row what they were, and traded on."""

import random
import signal
import subprocess
import sys
from decimal import Decimal

import pytest

from db import statements
from db.reading import reports
from db.sqlite.connection import connect_readonly
from db.sqlite.migrate import migrate
from tests.db_files import fresh
from tests.definition import Definition, differing, exact
from tests.integration.test_db_migrate import objects
from tests.kit.rows import Error, column, records, rows
from tests.kit.series import DAY
from tests.schemas import dump, expected, life, populations

NEWEST = statements.schema_version()
FILES = populations.files()
OLDER = [file for file in FILES if populations.number(file) < NEWEST]
DRAWN = {"backup_ms", "backup_file", "copied_ms", "transaction_id"}  # facts that an upgrade makes itself
KILLED = """
import os, signal, sys
from pathlib import Path
from db.sqlite import migrate

left, plain = int(sys.argv[2]), migrate._execute

def execute(connection, statements):
    global left
    for each in statements:
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        plain(connection, [each])

migrate._execute = execute
migrate.migrate(Path(sys.argv[1]), "real", any_filesystem=True)
"""


def names(files):
    """The populations as parameters."""
    return [pytest.param(file, id=file.stem) for file in files]


class Upgraded:
    """A population before and after its upgrade."""

    def __init__(self, folder, file):
        self.before = expected.stored(file.read_text("utf-8"))
        self.path = dump.load(folder / "trading.db", file.read_text("utf-8"))
        migrate(self.path, "real", any_filesystem=True)
        self.must = expected.carried(self.before, NEWEST)


@pytest.fixture(scope="module", params=names(FILES))
def upgraded(request, tmp_path_factory):
    """Each of them."""
    return Upgraded(tmp_path_factory.mktemp("upgraded"), request.param)


def differences(path, must):
    """Tables that hold other rows than they must, with rows that are too many and rows that are missing."""
    found = {}
    for table in column(path, expected.NAMES):
        stands, wanted = records(path, f"select * from {table}"), must.get(table, [])
        if table == "meta":
            drawn = DRAWN - {row["key"] for row in wanted}
            stands = [row for row in stands if row["key"] not in drawn]
        if table in expected.FOLDED:
            if not wanted:
                continue
            stands = [{name: row[name] for name in wanted[0]} for row in stands]
        more, less = (texts(each) for each in (stands, wanted))
        if more != less:
            found[table] = (sorted(more - less), sorted(less - more))
    return found | dict.fromkeys(must.keys() - set(column(path, expected.NAMES)), "is gone")


def texts(found):
    """Rows by column, to the last digit."""
    return {repr(sorted(row.items())) for row in found}


def test_every_schema_has_a_population():
    """The newest too: whoever adds a migration is told what to do."""
    there = {populations.number(file) for file in FILES}
    missing = [number for number in range(1, NEWEST + 1) if number not in there]
    assert not missing, (
        f"no population of schema {missing}: run `python -m tests.schemas`, which writes that of schema {NEWEST}, and "
        "say in tests/schemas/expected.py what becomes of older rows (the docstring of tests/schemas tells more)"
    )
    assert [expected.schema(expected.stored(file.read_text("utf-8"))) for file in FILES] == [
        populations.number(file) for file in FILES
    ]


def test_the_newest_population_can_be_written(tmp_path):
    """By today's code, with the trades that it has: else `python -m tests.schemas` writes it anew."""
    mine = "select strategy_id, side, price, qty, pnl, timestamp from trades order by strategy_id, trade_id"
    there = dump.load(tmp_path / "there.db", populations.file(NEWEST).read_text("utf-8"))
    assert rows(life.live(tmp_path), mine) == rows(there, mine)


def test_every_row_is_what_it_was(upgraded):
    """Every column of every table, worked out of the old rows by the steps of tests/schemas/expected.py."""
    assert differences(upgraded.path, upgraded.must) == {}


def test_a_population_has_what_can_go_wrong(upgraded):
    """Trades that won and lost, something held, gaps of several causes: else nothing would be compared."""
    pnl = [row["pnl"] for row in upgraded.before["trades"] if row["pnl"] is not None]
    assert min(pnl) < 0 < max(pnl)
    assert [row for row in upgraded.before["positions"] if row["entry_timestamp"] is not None]
    assert len(upgraded.before["decisions"]) > 100


def test_the_file_as_it_was_is_kept(upgraded):
    """Beside the database, of the old schema, row by row."""
    kept = upgraded.path.with_name(f"{upgraded.path.name}.before-schema-{NEWEST}")
    if expected.schema(upgraded.before) == NEWEST:
        assert not kept.exists()
    else:
        assert differences(kept, upgraded.before) == {}
        assert column(upgraded.path, "select value from meta where key = 'backup_file'") == [str(kept)]


def test_changes_are_numbered_from_the_upgrade_on(upgraded):
    """Beyond every number that a row has, and beyond those of a later backup: by the clock."""
    stands = int(column(upgraded.path, "select value from meta where key = 'transaction_id'")[0])
    given = [row.get("transaction_id", 0) for row in upgraded.before["decisions"]]
    assert stands >= max(*given, 1_790_000_000_000)


def test_the_schema_is_a_new_database_s(upgraded, tmp_path):
    """Tables, indexes and views."""
    views = "select name, sql from sqlite_master where type = 'view' order by name"
    with fresh(tmp_path) as db:
        assert objects(upgraded.path) == objects(db)
        assert rows(upgraded.path, views) == rows(db, views)


def test_the_file_is_sound(upgraded):
    """Pages, indexes and references."""
    assert rows(upgraded.path, "pragma integrity_check") == [("ok",)]
    assert rows(upgraded.path, "pragma foreign_key_check") == []


def test_totals_are_the_sums_of_the_old_trades(upgraded):
    """Of every strategy, exactly; and no loss stands in no column: equity = capital + total_pnl + open_pnl."""
    with connect_readonly(upgraded.path) as db:
        found = {row["strategy_id"]: row for row in reports.rows(db, "strategy_performance")}
    totals = {row["strategy_id"]: row for row in records(upgraded.path, "select * from strategy_totals")}
    assert found.keys() == {row["strategy_id"] for row in upgraded.before["trades"]} | {
        row["strategy_id"] for row in upgraded.before["strategies"] if row["enabled"]
    }
    for strategy_id, row in found.items():
        must = summed(upgraded.before["trades"], strategy_id)
        assert {name: row[name] for name in must} == must, strategy_id
        assert {name: totals[strategy_id][name] for name in must} == must, strategy_id
    assert [each for each, row in found.items() if not balanced(upgraded.before, row)] == []


def summed(trades, strategy_id):
    """Sums over the trades of a strategy. Every sale closes what is held, so that a sale is a round trip."""
    mine = [row for row in trades if row["strategy_id"] == strategy_id]
    pnl = [exact(row["pnl"]) for row in mine if row["pnl"] is not None]
    return {
        "total_trades": len(mine),
        "total_pnl": float(sum(pnl, Decimal(0))),
        "fees": float(sum((exact(row["fee_quote"]) for row in mine), Decimal(0))),
        "first_trade_ms": min((row["filled_ms"] for row in mine), default=None),
        "last_trade_ms": max((row["filled_ms"] for row in mine), default=None),
    }


def balanced(tables, row):
    """Whether a report adds up to the last digit."""
    capital = next(each["capital"] for each in tables["strategies"] if each["strategy_id"] == row["strategy_id"])
    return exact(row["equity"]) == exact(capital) + exact(row["total_pnl"]) + exact(row["open_pnl"])


def test_reports_are_what_the_old_rows_say(upgraded):
    """Every column of every strategy and run, whole and from moments on."""
    first = min(row["timestamp"] for row in upgraded.before["decisions"])
    last = max(row["timestamp"] for row in upgraded.before["decisions"])
    for since in (None, first - DAY, first + DAY // 4, first + DAY, (first + last) // 2, last + DAY):
        assert wrong(upgraded.path, Definition(upgraded.must, since), since) == [], since


def wrong(path, history, since):
    """What the reports of a database say otherwise than they must."""
    with connect_readonly(path) as db:
        if since is not None:
            reports.narrow(db, since=since)
        found = [(row, history.strategy(row["strategy_id"])) for row in reports.rows(db, "strategy_performance")]
        found += [(row, history.run(row["run_id"])) for row in reports.rows(db, "run_performance")]
    assert len(found) > 4
    return [differing(row, must) for row, must in found if differing(row, must)]


def test_round_trips_are_those_of_the_old_trades(upgraded):
    """With entry, exit and profit of each."""
    with connect_readonly(upgraded.path) as db:
        found = {(row["strategy_id"], row["round_trip"]): row for row in reports.rows(db, "round_trips")}
    sales = {(row["strategy_id"], row["round_trip"]): row for row in upgraded.before["trades"] if row["side"] == "sell"}
    buys = {(row["strategy_id"], row["round_trip"]): row for row in upgraded.before["trades"] if row["side"] == "buy"}
    assert found.keys() == sales.keys()
    for key, row in found.items():
        assert (row["pnl"], row["exit_price"], row["qty"]) == tuple(
            sales[key][name] for name in ("pnl", "price", "qty")
        )
        assert (row["entry_price"], row["entry_timestamp"]) == (buys[key]["price"], buys[key]["timestamp"])


@pytest.mark.parametrize("file", names(OLDER))
def test_an_upgrade_that_is_killed_leaves_a_whole_file(file, tmp_path):
    """kill -9 before any of its statements: the file is that of a schema on the way, and the next upgrade goes on."""
    before = expected.stored(file.read_text("utf-8"))
    path, schema = dump.load(tmp_path / "trading.db", file.read_text("utf-8")), expected.schema(before)
    count = sum(len(step.statements) for step in statements.migrations()[schema:])
    place = random.Random(file.stem).randrange(1, count + 1)
    done = subprocess.run([sys.executable, "-c", KILLED, path, str(place)], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    reached = schema_of(path)
    assert schema <= reached < NEWEST
    assert differences(path, expected.carried(before, reached)) == {}
    assert rows(path, "pragma integrity_check") == [("ok",)]
    migrate(path, "real", any_filesystem=True)
    assert differences(path, expected.carried(before, NEWEST)) == {}


def schema_of(path):
    """Which schema a database has."""
    return int(column(path, "select value from meta where key = 'schema_version'")[0])


@pytest.mark.parametrize("file", names(OLDER))
def test_an_upgrade_that_fails_leaves_a_whole_file(file, tmp_path, monkeypatch):
    """In its last migration: all of that one is undone, and what was before it stands."""
    before = expected.stored(file.read_text("utf-8"))
    path = dump.load(tmp_path / "trading.db", file.read_text("utf-8"))
    *steps, last = statements.migrations()
    broken = last._replace(statements=(*last.statements, "insert into nowhere values (1);"))
    with monkeypatch.context() as patched:
        patched.setattr("db.sqlite.migrate.migrations", lambda: (*steps, broken))
        with pytest.raises(Error, match="nowhere"):
            migrate(path, "real", any_filesystem=True)
    assert differences(path, expected.carried(before, NEWEST - 1)) == {}
    migrate(path, "real", any_filesystem=True)
    assert differences(path, expected.carried(before, NEWEST)) == {}
