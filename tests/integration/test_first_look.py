"""What a new user sees where nothing has happened yet: a sentence that says so, and what to type."""

import json

import pytest

from db.fleet import controls
from db.market_data import markets, storing
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from domain.dates import parse
from fleet import cli
from runtime.clock import now_ms
from tests.kit.candles import bars
from tests.kit.series import HOURLY
from tests.replayed import settings as configured
from tests.trading import MARKET, high
from trader import registration


@pytest.fixture
def place(tmp_path):
    """A configuration with one strategy, and an empty database."""
    settings = configured(tmp_path, [high()])
    migrate(settings.database, "real", any_filesystem=True)
    return settings


@pytest.fixture
def ask(place, capsys):
    """A verb: exit status, stdout, stderr."""

    def asked(*words):
        where = ["--config", str(place.directory), "--database", str(place.database)]
        status = cli.main([words[0], *where, *words[1:]])
        return (status, *capsys.readouterr())

    return asked


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_status_where_nothing_lives(ask, place, form):
    """It said `workers: none, series: none`, and that all was well."""
    status, _, told = ask("status", "--format", form)
    assert status == 1
    assert f"nothing lives in {place.database}" in told
    assert "`fleet up` starts a fleet" in told


def test_gaps_where_nothing_was_fetched(ask, place):
    """It said `gaps: none`, as after a whole history."""
    status, said, told = ask("gaps")
    assert (status, said) == (0, "")
    assert "nothing was fetched yet" in told
    assert "fleet backfill --once" in told
    assert json.loads(ask("gaps", "--format", "json")[1]) == []


def test_gaps_of_a_strategy_that_waits_for_its_first_candle(ask, place):
    """Its series is named; once it has candles, nothing is."""
    with connect(place.database, any_filesystem=True) as db:
        markets.save(db, [MARKET], 1)
        registration.register(db, place, 1)
        assert "nothing was fetched yet: binance BTC/USDT 1h." in ask("gaps")[2]
        storing.store(db, HOURLY, bars(0, 1, 2), 0, 1)
        assert ask("gaps") == (0, "gaps: none\n", "")


def test_the_kill_switch_says_how_it_stands(ask, place):
    """Off; on: who, since when, why and where; by the file alone or the row alone too. It changes nothing."""
    assert ask("kill-switch") == (0, f"kill switch off in {place.database}\n", "")
    before = now_ms() // 1000
    assert ask("kill-switch", "on", "--reason", "holiday")[0] == 0
    status, said, _ = ask("kill-switch")
    shown = dict(line.split(maxsplit=1) for line in said.splitlines()[1:5])
    assert (status, shown["reason"]) == (0, "holiday")
    assert " on " in shown["who"]
    assert before <= parse(shown["since"].removesuffix(" UTC")).at(0) <= now_ms() // 1000
    assert shown["where"] == f"{place.database}.halt and the database {place.database}"
    controls.halt_file(place.database).unlink()
    assert f"where   the database {place.database}\n" in ask("kill-switch")[1]
    assert ask("kill-switch", "off")[0] == 0
    controls.halt_file(place.database).write_text("by hand")
    _, said, _ = ask("kill-switch")
    assert f"where   {place.database}.halt\n" in said
    assert "who     not known\n" in said


def test_the_kill_switch_of_a_database_that_cannot_be_asked(ask, place):
    """The file is told all the same; without one nobody knows, and 1 says so."""
    with connect(place.database, any_filesystem=True) as db, db.write() as tx:
        tx.run("meta_write", key="schema_version", value="0")
    status, said, told = ask("kill-switch")
    assert (status, said) == (1, f"kill switch unknown in {place.database}\n")
    assert "could not be asked" in told
    assert ask("kill-switch", "on", "--reason", "news")[0] == 0
    assert "reason  news" in ask("kill-switch")[1]
