"""Workers that start while a file is broken: on what was good, with the file named wherever a person looks."""

import json
import os
import signal

import pytest

from fleet import health
from tests.acceptance.test_fleet import begin as fleet
from tests.backfilling import until
from tests.fleet_processes import begin, command, events, query
from tests.trading_desk import feed, high

BROKEN = "supervision: [\n"


@pytest.fixture
def holding(trading):
    """A trader whose strategy holds, and the process stopped: its settings and a connection."""
    settings, db = trading
    feed(db, 101, first=3)
    until(lambda: query(settings, "select count(*) from trades") == [(1,)])
    os.kill(query(settings, "select pid from workers")[0][0], signal.SIGKILL)
    return settings, db


def restarted(settings):
    """A trader that starts now, and has an opinion of its files."""
    process = begin(settings, "trader", "again")
    until(lambda: events(settings, "again", "configuration_refused"), 30)
    return process


@pytest.mark.parametrize(("file", "text"), [("fleet.yaml", BROKEN), ("strategies/0.yaml", "strategy_id: one\n")])
def test_a_trader_starts_and_sells(holding, file, text):
    """Whichever file is broken: open positions keep their exits. The file stands in the log, in status, in health."""
    settings, db = holding
    (settings.directory / file).write_text(text)
    process = restarted(settings)
    try:
        assert file in events(settings, "again", "configuration_refused")[0]["error"]
        until(lambda: query(settings, "select count(*) from workers where detail like '%configuration%'") == [(1,)], 30)
        feed(db, 96, first=4)
        until(lambda: query(settings, "select count(*) from trades") == [(2,)], 30)
        done = command(settings, "status", "--format", "json")
        workers = [row for row in json.loads(done.stdout) if row["section"] == "workers"]
        assert done.returncode == 1
        assert any(file in row["state"] for row in workers)
        names = [row["worker_id"] for row in workers]
        assert any(file in each for each in health.told(settings.database, names))
    finally:
        process.terminate()
        assert process.wait(15) == 0


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
        until(lambda: query(settings, "select count(*) from strategies where strategy_id = 'two'") == [(1,)], 30)
        feed(db, 96, first=4)
        until(lambda: query(settings, "select count(*) from trades") == [(2,)], 30)
    finally:
        process.terminate()
        assert process.wait(15) == 0


def test_up_off_a_terminal_starts_what_was_good(holding):
    """As after a power cut; typed on a terminal it would have ended with 2."""
    settings, _ = holding
    (settings.directory / "strategies" / "0.yaml").write_text("strategy_id: one\n")
    process = fleet("up", "--config", settings.directory, "--database", settings.database, "--traders", "1")
    try:
        until(lambda: query(settings, "select 1 from workers where detail like '%configuration%'"), 80)
    finally:
        process.terminate()
        assert "0.yaml" in process.communicate(timeout=60)[0]
    assert process.returncode == 0
