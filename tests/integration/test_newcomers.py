"""A strategy that is configured and has nothing yet: reports are empty and say why; an id of nobody is used wrongly."""

import json

import pytest

from db.reading import reports
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from fleet import cli
from tests.replayed import STRATEGY, settings
from trader import registration


@pytest.fixture
def fleet(tmp_path):
    """A database in which no trader ever ran, and a configuration with one strategy."""
    found = settings(tmp_path, [STRATEGY.format(name="one", symbol="BTC/USDT", capital=1000)])
    migrate(found.database, "real", any_filesystem=True)
    return found


@pytest.fixture
def typed(fleet, capsys):
    """Carries out a verb: its status, what it printed, and what it said beside."""

    def run(verb, *words):
        which = ("--config", str(fleet.directory), "--database", str(fleet.database))
        return (cli.main([verb, *which, *words]), *capsys.readouterr())

    return run


VIEWS = [("report", "--view", view, "--strategy") for view in reports.VIEWS if view not in reports.FLEET]


@pytest.mark.parametrize("words", [*VIEWS, ("trades",), ("why",)])
def test_it_is_told_that_no_trader_has_run(typed, words):
    """With status 0, and nothing in the listing."""
    status, out, said = typed(*words, "one", "--format", "json")
    assert (status, json.loads(out)) == (0, [])
    assert "one: configured, and no trader has run with it" in said


def test_a_chart_of_it_is_not_drawn(typed, tmp_path):
    """Status 1: there is no file."""
    status, out, said = typed("chart", "one", "--out", str(tmp_path / "one.svg"))
    assert (status, out, "no trader has run" in said) == (1, "", True)
    assert not (tmp_path / "one.svg").exists()


@pytest.mark.parametrize("words", VIEWS)
def test_once_a_trader_knows_it_nothing_is_said(fleet, typed, words):
    """It has a report, without trades."""
    with connect(fleet.database, any_filesystem=True) as db:
        registration.register(db, fleet, 1)
    status, _, said = typed(*words, "one")
    assert (status, "configured" in said) == (0, False)


@pytest.mark.parametrize("words", [("report", "--strategy"), ("trades",), ("why",), ("chart",)])
def test_an_id_of_nobody_is_used_wrongly(typed, words):
    """With the nearest one."""
    status, out, said = typed(*words, "onne")
    assert (status, out, "did you mean one?" in said) == (2, "", True)
