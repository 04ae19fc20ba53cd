"""Named statements: what a file may hold, and what is refused."""

import pytest

from db import statements
from db.sqlite import dialect

GOOD = """
-- name: one
-- The first.
select 1
where true; -- inline

-- name: two
-- The second,
-- in two lines.
select 2;
"""


def test_a_file_holds_statements_by_name():
    """Comments above a statement tell what it is for and are left out."""
    assert statements.parse(GOOD) == {"one": "select 1\nwhere true; -- inline", "two": "select 2"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("-- name: one\nselect 1;", "needs a comment"),
        ("-- name: one\n-- Nothing follows.\n", "needs a comment"),
        ("-- name: Bad Name\n-- A.\nselect 1;", "not a name"),
        ("-- name: one\n-- A.\nselect 1;\n-- name: one\n-- B.\nselect 2;", "two statements"),
    ],
)
def test_a_wrong_file_is_refused(text, complaint):
    """A statement has a good name, a comment and SQL, once."""
    with pytest.raises(ValueError, match=complaint):
        statements.parse(text)


def test_names_are_unique_over_all_files():
    """Two files cannot define the same name."""
    with pytest.raises(ValueError, match=r"b\.sql: another file"):
        statements.merge([("a.sql", GOOD), ("b.sql", GOOD)])


def test_all_statements_of_the_house_load():
    """Every file of the house parses; the ones that everything stands on are there."""
    assert {"candles_insert", "gaps_insert", "meta_read"} <= statements.statements().keys()


def test_a_row_of_values_is_repeated():
    """The bulk form of an INSERT repeats its last parenthesis."""
    shared = ("exchange", "symbol", "timeframe", "source")
    assert dialect.repeated("candles_insert", 3, shared).count("(?1, ?2, ?3, ?4, ?, ?, ?, ?, ?, ?)") == 3


def test_our_functions_are_written_out():
    """Wherever they are called, within one another and with commas in what they are given; a call has an end."""
    assert dialect.written_out("select significant(sum(a)), b") == "select cast(printf('%.15g', sum(a)) as real), b"
    inner = "round(coalesce(a, 0), min(8, 15 - length(cast(max(b, abs(c)) as integer))))"
    assert dialect.written_out("utc_day(rounded(coalesce(a, 0), b, abs(c)))") == f"date({inner} / 1000, 'unixepoch')"
    with pytest.raises(ValueError, match="without its end"):
        dialect.written_out("significant(sum(a)")


def test_a_script_is_split_at_its_ends():
    """Semicolons within text and comments do not end a statement."""
    script = "-- first; not an end\ncreate table a (b); create view c as\nselect ';\n' as d;\n-- the end\n"
    assert statements.split("create table a (b);\ncreate view c as\nselect ';\n' as d;\n") == [
        "create table a (b);",
        "create view c as\nselect ';\n' as d;",
    ]
    assert len(statements.split(script)) == 1


def test_a_script_without_its_last_semicolon_is_refused():
    """A migration that was cut off is not half applied."""
    with pytest.raises(ValueError, match="without its semicolon"):
        statements.split("create table a (b);\ncreate table c (")


def test_migrations_count_from_one():
    """The numbers of migrations have no hole, and the newest is the version of the schema."""
    assert [step.number for step in statements.migrations()] == list(range(1, statements.schema_version() + 1))
