"""`fleet trades`: round trips against the rows of `trades` alone, and what is open against the ledger's."""

import json

import pytest

from fleet import cli
from tests.kit.rows import column, records
from tests.kit.series import HOUR, at
from tests.replayed import STRATEGY, walked, waves

COUNT = 500
LAST = at(COUNT - 1)


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """Two strategies, walked to a bar at which one of them holds something."""
    found = {"BTC/USDT": waves(COUNT), "ETH/USDT": waves(COUNT, phase=2.0)}
    both = [STRATEGY.format(name=name, symbol=symbol, capital=1000) for name, symbol in
            (("one", "BTC/USDT"), ("two", "ETH/USDT"))]  # fmt: skip
    return walked(tmp_path_factory.mktemp("trades"), both, found)


@pytest.fixture
def ask(database, capfd):
    """Ask on the command line: exit status, stdout, stderr."""

    def asked(*words):
        capfd.readouterr()
        status = cli.main(["trades", *words, "--database", str(database), "--config", str(database.parent)])
        return (status, *capfd.readouterr())

    return asked


@pytest.fixture(scope="module")
def fills(database):
    """The fills of each round trip, as they are stored: {(strategy, round trip): [buy, sale]}."""
    found = {}
    for row in records(database, "select * from trades order by trade_id"):
        found.setdefault((row["strategy_id"], row["round_trip"]), []).append(row)
    return found


def rows(ask, *words):
    """What is listed, in JSON."""
    status, said, _ = ask("--format", "json", *words)
    assert status == 0
    return json.loads(said)


def test_closed_round_trips_come_newest_first(ask, fills):
    """Each with entry, exit, length and profit of its two fills; what is open stands below."""
    closed = {trip: each for trip, each in fills.items() if len(each) == 2}
    listed = rows(ask)
    found = listed[: len(closed)]
    assert {(row["strategy_id"], row["round_trip"]) for row in found} == closed.keys()
    assert [row["exit_ms"] for row in found] == sorted((row["exit_ms"] for row in found), reverse=True)
    for row in found:
        buy, sale = closed[row["strategy_id"], row["round_trip"]]
        assert (row["entry_timestamp"], row["entry_price"]) == (buy["timestamp"], buy["price"])
        assert (row["exit_timestamp"], row["exit_price"]) == (sale["timestamp"], sale["price"])
        assert row["bars"] == (sale["timestamp"] - buy["timestamp"]) / HOUR
        assert row["pnl"] == pytest.approx(sale["pnl"])
        assert row["return"] == pytest.approx(sale["pnl"] / buy["cost"])
    assert {row["exit_code"] for row in listed[len(closed) :]} == {"open"}


def test_what_is_open_is_marked_at_the_last_close(ask, database, fills):
    """Its profit so far is what it would bring there, before the fee."""
    opened = {trip[0]: each[0] for trip, each in fills.items() if len(each) == 1}
    found = rows(ask, "--open")
    assert len(opened) == 1
    assert [row["strategy_id"] for row in found] == [*opened]
    phase = {"one": 0.0, "two": 2.0}
    for row in found:
        buy, close = opened[row["strategy_id"]], waves(COUNT, phase=phase[row["strategy_id"]])[-1].close
        assert (row["entry_timestamp"], row["exit_timestamp"], row["exit_price"]) == (buy["timestamp"], None, close)
        assert row["pnl"] == pytest.approx(buy["qty"] * close - buy["cost"])
        assert (row["fees"], row["bars"]) == (buy["fee_quote"], (LAST - buy["timestamp"]) / HOUR)


def test_one_strategy_since_a_moment(ask, fills):
    """By the moment of the exit."""
    half = at(250) + 1800
    expected = {number for (name, number), each in fills.items() if name == "one" and len(each) == 2
                and each[1]["filled_ms"] >= half * 1000}  # fmt: skip
    found = rows(ask, "one", "--since", str(half))
    assert {row["round_trip"] for row in found if row["exit_code"] != "open"} == expected
    assert {row["strategy_id"] for row in found} == {"one"}


@pytest.mark.parametrize("words", [[], ["one"], ["two"]])
def test_a_table_fits_a_terminal(ask, words):
    """80 columns, whatever is listed."""
    status, said, _ = ask(*words)
    assert status == 0
    assert max(map(len, (line.rstrip() for line in said.splitlines()))) <= 80


def test_every_format_has_the_same_columns(ask, database):
    """Those of the view, of open ones too, in CSV and JSON."""
    view = set(column(database, "select name from pragma_table_info('round_trips')"))
    assert {frozenset(row) for row in rows(ask)} == {frozenset(view)}
    assert set(ask("--format", "csv")[1].splitlines()[0].split(",")) == view


def test_an_unknown_strategy_is_told_the_nearest(ask):
    """Exit status 2, nothing on stdout."""
    status, said, told = ask("onee")
    assert (status, said) == (2, "")
    assert "did you mean one?" in told
