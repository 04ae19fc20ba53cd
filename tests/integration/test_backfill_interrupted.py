"""`fleet backfill --once` that somebody interrupts: it says that it is not done, and what the next run does."""

import signal
import subprocess
import sys

import pytest

from backfiller.progress import speed_text
from db.fleet import workers
from db.sqlite.connection import connect_readonly
from tests.backfilling import fleet, simulator, until
from tests.fleet_processes import HEARS_CTRL_C


@pytest.mark.parametrize(("options", "status"), [(("--once",), 130), ((), 0)])
def test_only_what_was_to_end_by_itself_is_interrupted(tmp_path, options, status):
    """One that follows has no end of its own: it drains, and is done."""
    with simulator(faults=("hangs:binance",)) as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 500")
        where = ["--config", str(settings.directory), "--database", str(settings.database)]
        process = subprocess.Popen(
            [sys.executable, "-m", "fleet.cli", "backfill", *options, *where], stderr=subprocess.PIPE, text=True,
            **HEARS_CTRL_C,
        )  # fmt: skip
        with connect_readonly(settings.database) as db:
            until(lambda: workers.workers(db) or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=60)[1]
    assert process.returncode == status
    assert ("interrupted: what was fetched is stored, the next run goes on from here" in told) == bool(options)


def test_an_exchange_that_waits_has_no_speed():
    """Its bar ended with `0/s`."""
    assert [speed_text(each) for each in (None, 0.2, 1234.0)] == ["", "", " 1,234/s"]
