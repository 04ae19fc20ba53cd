"""The house's SQL on a real PostgreSQL 18: one text for both engines, and the same rows from it."""

import math
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from db.database import Database
from db.postgres import dialect
from db.sqlite.dialect import view_name, views
from db.statements import statements
from domain.timeframes import DAY
from tests.kit.rows import change, column, records, rows
from tests.kit.series import HOUR, START
from tests.lives import Life
from tests.postgres import server
from tests.unit.test_architecture import HOUSE

TYPES = {
    20: "integer",
    23: "integer",
    701: "real",
    25: "text",
}  # of PostgreSQL's columns: bigint, integer, double precision, text


@pytest.fixture(scope="module")
def postgres() -> Iterator[psycopg.Connection]:
    """A connection to a database with our schema."""
    with server() as address, psycopg.connect(address, autocommit=True) as connection:
        for statement in dialect.schema():
            connection.execute(statement)
        yield connection


@pytest.mark.parametrize("name", sorted(statements()))
def test_every_statement_is_understood(postgres, name):
    """Each named statement can be prepared, or carried out where it makes something."""
    sql = dialect.translated(statements()[name])
    for number, parameter in enumerate(dialect.parameters(sql), 1):
        sql = re.sub(rf"(?<!:):{parameter}\b", f"${number}", sql)
    with postgres.transaction(force_rollback=True):
        for statement in (*_needed(name), sql if _makes(sql) else f"prepare one as {sql}"):
            postgres.execute(statement)
        postgres.execute("deallocate all")


def _needed(name: str) -> list[str]:
    """What must have been carried out before it can be: a table of this connection's own."""
    if not name.startswith("since_"):
        return []
    made = [sql for each, sql in statements().items() if each in {"since_strategies", "since_runs"} and each != name]
    return [dialect.translated(sql) for sql in made]


def _makes(sql: str) -> bool:
    return sql.startswith("create ")


@pytest.fixture(scope="module")
def loaded(postgres, tmp_path_factory) -> Iterator[Database]:
    """A fleet that has traded, in an SQLite file; `postgres` has the same rows."""
    life = Life(tmp_path_factory.mktemp("life"), 3, more="retention: { decisions: 30, equity: 30 }\n").walk(400)
    change(life.db, "insert into claims (kind, claim, holder, epoch) values ('duty', 'backfill:binance', null, 1)")
    for table in _names(life.db, "table"):
        found = rows(life.db, f"select * from {table}")
        with postgres.transaction():
            postgres.execute("set local session_replication_role = replica")  # whatever references what
            places = ", ".join(["%s"] * len(found[0])) if found else ""
            postgres.cursor().executemany(f"insert into {table} values ({places})", found)
    yield life.db
    life.db.close()


def _names(db: Database, kind: str) -> list[str]:
    """All tables or views of the SQLite file."""
    listed = f"select name from sqlite_master where type = '{kind}' and name not like 'sqlite%' order by name"
    return column(db, listed)


def test_both_have_the_same_tables(postgres, loaded):
    """By name, with the same columns in the same order, of the types that stand for SQLite's."""
    assert sorted(_relations(postgres, "r")) == _names(loaded, "table")
    for table in _names(loaded, "table"):
        columns = records(loaded, f"pragma table_info({table})")
        assert _columns(postgres, table) == [(column["name"], column["type"].lower()) for column in columns]


def test_both_have_the_same_views(postgres, loaded):
    """By name, with the same columns in the same order; no sum has become a number of another kind."""
    assert sorted(_relations(postgres, "v")) == _names(loaded, "view")
    for view in _names(loaded, "view"):
        columns = records(loaded, f"pragma table_info({view})")
        assert [name for name, _ in _columns(postgres, view)] == [column["name"] for column in columns], view
        assert {kind for _, kind in _columns(postgres, view)} <= {"integer", "real", "text"}, view


def _relations(postgres: psycopg.Connection, kind: str) -> list[str]:
    """What PostgreSQL has made of the schema."""
    mine = "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = %s"
    return [name for (name,) in postgres.execute(mine, [kind]).fetchall()]


def _columns(postgres: psycopg.Connection, table: str) -> list[tuple[str, str]]:
    """Names and types, in the words of SQLite."""
    described = postgres.execute(f"select * from {table} limit 0").description
    assert described is not None
    return [(column.name, TYPES.get(column.type_code, f"type {column.type_code}")) for column in described]


READ = sorted(name for name, sql in statements().items() if sql.startswith(("select", "with")))
VALUES = {  # what statements ask about; whatever else they ask about is `OTHER`
    "strategy_id": "one-1", "exchange": "binance", "symbol": "BTC/USDT", "timeframe": "4h", "holder": "nobody",
    "run_id": "one-1.1", "room": "trader", "scope": "fleet", "key": "environment", "purpose": "entry",
    "kind": "strategy", "claim": "one-1",
    "first": START, "last": START + 300 * DAY, "since": START + 20 * DAY + 3 * HOUR,
    "midnight": START // DAY * DAY + 20 * DAY, "since_ms": 1000 * START, "width": DAY, "length": 4 * HOUR,
    "rows": 50, "size": 50, "strategies": 50, "round_trip": 3,
}  # fmt: skip
OTHER = START + 30 * DAY
APART = {"runs_numbered": {"first": "one.", "after": "one/"}}


@pytest.mark.parametrize("name", READ)
def test_statements_find_the_same(postgres, loaded, name):
    """The same rows, in the same order where one is asked for: texts, whole numbers, and REALs to 12 digits."""
    sql = statements()[name]
    values = {each: VALUES.get(each, OTHER) for each in dialect.parameters(sql)} | APART.get(name, {})
    try:
        theirs = postgres.execute(dialect.statements()[name], values).fetchall()
    except psycopg.errors.UndefinedFunction:  # it asks about a text
        values = {each: str(value) if value == OTHER else value for each, value in values.items()}
        theirs = postgres.execute(dialect.statements()[name], values).fetchall()
    ours = [tuple(row) for row in loaded.read(name, **values)]
    if "order by" not in sql:
        ours, theirs = sorted(ours, key=repr), sorted(theirs, key=repr)
    _refuse_different(ours, theirs)


@pytest.mark.parametrize("view", [view_name(each) for each in views()])
def test_views_show_the_same(postgres, loaded, view):
    """Every view has the same rows on both, and has some."""
    ours = rows(loaded, f"select * from {view}")
    theirs = postgres.execute(f"select * from {view}").fetchall()
    assert ours
    _refuse_different(sorted(ours, key=repr), sorted(theirs, key=repr))


@pytest.mark.parametrize("recipe", sorted((HOUSE / "config/queries").glob("*.sql")), ids=lambda recipe: recipe.stem)
def test_recipes_find_the_same(postgres, loaded, recipe):
    """So do the queries that are shipped."""
    sql = recipe.read_text().strip().rstrip(";")
    ours = rows(loaded, sql)
    _refuse_different(ours, postgres.execute(dialect.translated(sql)).fetchall())


def _refuse_different(ours: list[tuple[Any, ...]], theirs: list[tuple[Any, ...]]) -> None:
    """Fail at the first row in which they differ."""
    for one, other in zip(ours, theirs, strict=True):
        assert all(map(_same, one, other)), f"{one}\n{other}"


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same; a sum of REALs depends on the order in its last digits."""
    if isinstance(one, int | float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)
    return type(one) is type(other) and one == other
