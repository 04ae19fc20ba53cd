"""`fleet sql`: what a query may do (read) and what it may not, on a real file beside its writer."""

import json

import pytest

from config import queries
from db.reading import query
from db.sqlite.connection import connect
from fleet import cli
from tests.kit.rows import column, records, rows
from tests.replayed import STRATEGY, walked, waves

SQLITES = {"trading.db-wal", "trading.db-shm"}  # a reader makes them, and the last one takes them away


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """A strategy that traded for twenty days."""
    strategy = STRATEGY.format(name="plain", symbol="BTC/USDT", capital=1000)
    return walked(tmp_path_factory.mktemp("query"), [strategy], {"BTC/USDT": waves(480)})


@pytest.fixture
def ask(database, capsys):
    """Ask on the command line: exit status, stdout, stderr."""

    def asked(*words):
        where = ["--database", str(database), "--config", str(database.parent / "config")]
        status = cli.main(["sql", *where, *words])
        return (status, *capsys.readouterr())

    return asked


def test_an_answer_is_what_sqlite_says(ask, database):
    """The rows of a query, in JSON with every digit."""
    words = "select strategy_id, count(*) as n, max(pnl) as pnl from trades group by 1"
    (expected,) = records(database, words)
    status, said, _ = ask("--format", "json", words)
    assert status == 0
    assert json.loads(said) == [expected]


@pytest.mark.parametrize(
    "words",
    [
        "delete from trades",
        "insert into meta values ('a', 'b') returning key",
        "update strategies set enabled = 0",
        "drop view leaderboard",
        "create temp table t as select 1",
        "attach '{new}' as other",
        "vacuum into '{new}'",
        "vacuum main",
        "pragma journal_mode = delete",
        "pragma query_only = off",
        "select load_extension('{new}')",
        "select * from pragma_table_info('trades')",
        "begin immediate",
        "select 1; delete from trades",
    ],
)
def test_nothing_but_reading(ask, database, tmp_path, words):
    """Everything else is refused with what is allowed; the file and the folder stay as they are."""
    new = tmp_path / "new.db"
    before = {file.name for file in database.parent.iterdir()} - SQLITES
    status, said, told = ask(words.format(new=new))
    assert (status, said) == (2, "")
    assert "one SELECT" in told
    assert not new.exists()
    assert {file.name for file in database.parent.iterdir()} - SQLITES == before
    assert ask("select count(*) from trades")[0] == 0


def test_it_asks_beside_a_writer_who_holds_the_lock(ask, database):
    """A query waits for nobody, and sees what is committed."""
    with connect(database, any_filesystem=True) as db, db.write() as tx:
        tx.run("meta_write", key="clock", value="now")
        status, said, _ = ask("--format", "csv", "select count(*) from meta where value = 'now'")
    assert (status, said) == (0, "count(*)\n0\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("select pnll from trades", "did you mean pnl?"),
        ("select * from strategy_performances", "did you mean strategy_performance"),
        ("select * from nonsense_xyz", "`fleet sql` lists"),
        ("selec 1", 'near "selec": syntax error'),
        ("leaderboards", "no table, view or saved question leaderboards"),
        ("select :since", "--param since=VALUE"),
    ],
)
def test_mistakes_are_told_in_a_sentence(ask, words, told):
    """What is wrong, and what was perhaps meant: exit status 2."""
    status, said, errors = ask(words)
    assert (status, said) == (2, "")
    assert told in errors


@pytest.mark.parametrize(
    "words",
    [
        "select length(zeroblob(400000000) || 'x')",
        "with recursive t(n) as (select 1 union all select n + 1 from t) select n from t order by n",
        "select group_concat(hex(zeroblob(1000000))) from decisions",
    ],
)
def test_it_needs_no_more_than_its_memory(ask, words):
    """What would need more is ended with a sentence, exit status 1."""
    status, said, errors = ask(words)
    assert (status, said) == (1, "")
    assert f"more than {query.HEAP >> 20} MB" in errors


def test_it_takes_no_longer_than_its_time(ask):
    """A query without an end is ended."""
    endless = "with recursive t(n) as (select 1 union all select n + 1 from t) select count(*) from t"
    status, said, errors = ask("--seconds", "0.3", endless)
    assert (status, said) == (1, "")
    assert "longer than 0.3 s" in errors


def test_rows_are_counted(ask):
    """More rows than wanted are cut, said on stderr, with exit status 1; the wanted number is no cut."""
    status, said, errors = ask("--rows", "3", "--format", "json", "select timestamp from decisions")
    assert (status, len(json.loads(said))) == (1, 3)
    assert "first 3 rows" in errors
    assert ask("--rows", "3", "select timestamp from decisions limit 3")[0] == 0


def test_a_long_answer_is_cut_by_its_bytes(ask):
    """However few its rows are."""
    status, said, errors = ask("--format", "csv", "select hex(zeroblob(4000000)) from decisions")
    assert (status, said.count("\n")) == (1, 4)  # the heading, and three rows of 8 MB: the third is beyond 16
    assert "16 MB" in errors


def test_names_stand_for_values(ask):
    """A value is bound, never pasted into the text."""
    status, said, _ = ask("--format", "json", "--param", "a=1.5", "--param", "b=x' or 1", "select :a as a, :b as b")
    assert (status, json.loads(said)) == (0, [{"a": 1.5, "b": "x' or 1"}])


def test_odd_values_have_a_form_everywhere(ask):
    """Bytes, numbers without end, names that come twice: JSON stays JSON."""
    words = "select x'00ff' as a, 9e999 as b, 1 as c, 2 as c, null as d"
    status, said, _ = ask("--format", "json", words)
    assert (status, json.loads(said)) == (0, [{"a": "00ff", "b": "inf", "c": 1, "c_2": 2, "d": None}])


def test_without_a_query_it_lists_what_there_is(ask, database):
    """Every table and view of the file, and every saved question, with what it is for."""
    status, said, _ = ask("--format", "json")
    found = json.loads(said)
    made = set(column(database, "select name from sqlite_master where type in ('table', 'view')"))
    assert status == 0
    assert {row["name"] for row in found if row["kind"] != "question"} == made
    order = [row["name"] for row in found]
    assert order.index("hours") < order.index("leaderboard") < order.index("trades") < order.index("measures")
    assert {row["name"] for row in found if row["kind"] == "question"} == {
        file.stem for file in queries.SHIPPED.glob("*.sql")
    }
    assert [row["name"] for row in found if not row["what"]] == []


@pytest.mark.parametrize("name", sorted(file.stem for file in queries.SHIPPED.glob("*.sql")))
def test_every_shipped_question_has_an_answer(ask, name):
    """Over a database in which something was traded."""
    status, said, errors = ask("--format", "json", name)
    assert (status, errors) == (0, "")
    assert json.loads(said) or name in {"behind-holding", "events"}  # tests/integration/test_events.py has some


def test_a_question_of_ones_own_takes_the_place_of_a_shipped_one(ask, database):
    """A file in config/queries/ runs by its name; editors' files do not count."""
    folder = database.parent / "config" / queries.FOLDER
    folder.mkdir()
    (folder / "hours.sql").write_text("-- How many trades.\nselect count(*) as n from trades where side = :side\n")
    (folder / ".#hours.sql").write_text("nonsense")
    try:
        status, said, _ = ask("--format", "json", "--param", "side=buy", "hours")
        listed = [row["what"] for row in json.loads(ask("--format", "json")[1]) if row["name"] == "hours"]
    finally:
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    assert (status, [*json.loads(said)[0]]) == (0, ["n"])
    assert listed == ["How many trades."]


def test_shares_and_hours_from_rows(ask, database):
    """Fees over what was made before them; entries by their hour."""
    ((fees, pnl),) = rows(database, "select sum(fee_quote), sum(pnl) from trades")
    buys = rows(database, "select timestamp, round_trip from trades where side = 'buy'")
    sold = column(database, "select round_trip from trades where side = 'sell'")
    share = json.loads(ask("--format", "json", "fee-share")[1])[0]
    expected = fees / (pnl + fees) if pnl + fees > 0 else None
    assert share["fee_share"] == (expected if expected is None else pytest.approx(expected))
    hours = json.loads(ask("--format", "json", "hours")[1])
    assert {row["hour"]: row["round_trips"] for row in hours} == {
        hour: sum(1 for at, trip in buys if trip in sold and at // 3600 % 24 == hour)
        for hour in {at // 3600 % 24 for at, trip in buys if trip in sold}
    }
