"""Workers that start while a file is broken: on what was good, with the file named wherever a person looks."""

import json
import os
import signal
from argparse import Namespace

import pytest

from config.complaints import ConfigurationInvalid
from config.load import load
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from fleet import health
from runtime import agreement
from runtime.command import configured as typed
from runtime.command import located
from runtime.last_good import configured_or_last_good
from runtime.reload import Configuration
from strategies import kinds
from tests.acceptance.test_fleet import begin as fleet
from tests.backfilling import until
from tests.fleet_processes import begin, command, events
from tests.kit.rows import rows
from tests.replayed import settings as configured
from tests.trading import feed, high

BROKEN = "supervision: [\n"


@pytest.fixture
def holding(trading):
    """A trader whose strategy holds, and the process stopped: its settings and a connection."""
    settings, db = trading
    feed(db, 101, first=3)
    until(lambda: rows(settings.database, "select count(*) from trades") == [(1,)])
    os.kill(rows(settings.database, "select pid from workers")[0][0], signal.SIGKILL)
    return settings, db


def restarted(settings):
    """A trader that starts now, and has an opinion of its files."""
    process = begin(settings, "trader", "again")
    until(lambda: events(settings, "again", "configuration_refused"))
    return process


OTHER = "any_filesystem: true\nenvironment: real\nsupervision: { heartbeat: 0.2, lease: 1 }\n"
ODD = [("fleet.yaml", BROKEN), ("fleet.yaml", ""), ("fleet.yaml", OTHER), ("strategies/0.yaml", "strategy_id: one\n")]


@pytest.mark.parametrize(("file", "text"), ODD)
def test_a_trader_starts_and_sells(holding, file, text):
    """Whichever file is broken: open positions keep their exits. The file stands in the log, in status, in health."""
    settings, db = holding
    (settings.directory / file).write_text(text)
    process = restarted(settings)
    try:
        assert file in events(settings, "again", "configuration_refused")[0]["error"]
        until(
            lambda: (
                rows(settings.database, "select count(*) from workers where detail like '%configuration%'") == [(1,)]
            )
        )
        feed(db, 96, first=4)
        until(lambda: rows(settings.database, "select count(*) from trades") == [(2,)])
        done = command(settings, "status", "--format", "json")
        workers = [row for row in json.loads(done.stdout) if row["section"] == "workers"]
        assert done.returncode == 1
        assert any(file in (row["why"] or "") for row in workers)
        names = [row["worker_id"] for row in workers]
        assert any(file in each for each in health.configuration_problems(settings.database, names))
    finally:
        process.terminate()
        assert process.wait(15) == 0


@pytest.mark.parametrize("text", ["", "# nothing\n", OTHER])
def test_a_fleet_file_that_does_not_fit_ends_nobody(trading, text):
    """Emptied, or of the other environment, under workers: they go on as before, a verb that is typed ends with 2."""
    settings, db = trading
    file = settings.directory / "fleet.yaml"
    whole = file.read_text()
    until(lambda: rows(settings.database, "select count(*) from configurations") == [(1,)])
    backfiller = begin(settings, "backfiller")
    try:
        until(lambda: rows(settings.database, "select count(*) from workers") == [(2,)])
        file.write_text(text)
        told = "select count(*) from workers where detail like '%fleet.yaml%'"
        until(lambda: rows(settings.database, told) == [(2,)])
        feed(db, 101, first=3)
        until(lambda: rows(settings.database, "select count(*) from trades") == [(1,)])
        assert command(settings, "status").returncode == 1
        assert command(settings, "validate", "--offline").returncode == 2
        file.write_text(whole)
        until(lambda: rows(settings.database, told) == [(0,)])
    finally:
        backfiller.terminate()
        assert backfiller.wait(60) == 0


def test_strategies_that_are_moved_away_are_traded_on(trading):
    """Their folder is missed, by a trader that runs and by one that starts; emptied on purpose it removes them."""
    settings, db = trading
    folder, aside = settings.directory / "strategies", settings.directory / "aside"
    told = "select count(*) from workers where detail like '%strategies: folder: is gone%'"
    until(lambda: rows(settings.database, "select count(*) from configurations") == [(1,)])
    folder.rename(aside)
    until(lambda: rows(settings.database, told) == [(1,)])
    feed(db, 101, first=3)
    until(lambda: rows(settings.database, "select count(*) from trades") == [(1,)])
    assert command(settings, "status").returncode == 1
    assert f"mkdir {folder}" in command(settings, "validate", "--offline").stderr
    os.kill(rows(settings.database, "select pid from workers")[0][0], signal.SIGKILL)
    process = restarted(settings)
    try:
        feed(db, 96, first=4)
        until(lambda: rows(settings.database, "select count(*) from trades") == [(2,)])
        folder.mkdir()
        until(lambda: rows(settings.database, "select enabled from strategies") == [(0,)])
    finally:
        process.terminate()
        assert process.wait(15) == 0


def test_another_database_is_for_the_next_start(tmp_path):
    """A process works in the one that it was started with."""
    (tmp_path / "fleet.yaml").write_text("database: a.db\n")
    configuration = Configuration(lambda: (load(tmp_path, kinds.load, environ={}), {}))
    (tmp_path / "fleet.yaml").write_text("database: other.db\n")
    assert not configuration.reload_if_changed()
    assert configuration.current[0].database.name == "a.db"
    assert "names the database other.db now" in configuration.complaint


def test_an_emptied_fleet_file_still_leads_to_its_database(tmp_path, monkeypatch):
    """By the note beside it; with nothing named, a look finds the fleet, a start by hand ends with 2, others go on."""
    monkeypatch.chdir(tmp_path)
    made = configured(tmp_path, [high()], f"database: {tmp_path}/trading.db\n")
    migrate(made.database, "real", any_filesystem=True)
    with connect(made.database, any_filesystem=True) as db:
        agreement.store_last_good(db, made)
    (made.directory / "fleet.yaml").write_text("")
    options = Namespace(config=made.directory, database=None)
    assert located(options)[0] == made.database
    with pytest.raises(ConfigurationInvalid, match="is empty or gone"):
        typed(options)
    found, _ = configured_or_last_good(options)
    assert (found.database, found.any_filesystem) == (made.database, True)
    assert "is empty or gone" in found.complaint
    (made.directory / "fleet.yaml").write_text("{}\n")
    assert configured_or_last_good(options)[0].complaint is None


def test_mended_files_are_followed(holding):
    """No restart is needed once a person has mended them."""
    settings, db = holding
    file = settings.directory / "fleet.yaml"
    whole = file.read_text()
    file.write_text(BROKEN)
    process = restarted(settings)
    try:
        file.write_text(whole)
        (settings.directory / "strategies" / "two.yaml").write_text(high("two"))
        until(lambda: rows(settings.database, "select count(*) from strategies where strategy_id = 'two'") == [(1,)])
        feed(db, 96, first=4)
        until(lambda: rows(settings.database, "select count(*) from trades") == [(2,)])
    finally:
        process.terminate()
        assert process.wait(15) == 0


def test_up_off_a_terminal_starts_what_was_good(holding):
    """As after a power cut; typed on a terminal it would have ended with 2."""
    settings, _ = holding
    (settings.directory / "strategies" / "0.yaml").write_text("strategy_id: one\n")
    process = fleet("up", "--config", settings.directory, "--database", settings.database, "--traders", "1")
    try:
        until(lambda: rows(settings.database, "select 1 from workers where detail like '%configuration%'"), 80)
    finally:
        process.terminate()
        assert "0.yaml" in process.communicate(timeout=60)[0]
    assert process.returncode == 0
