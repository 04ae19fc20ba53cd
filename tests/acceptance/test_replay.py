"""A replay as a process of its own, interrupted."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from db.market_data import storing
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from domain.candles import Source
from tests.backfilling import until
from tests.kit.series import HOURLY
from tests.replayed import STRATEGY, settings, waves

COUNT = 30_000  # candles: it tells of the first 1,000, and is far from done then


def test_an_interrupted_replay_reports_and_leaves_nothing(tmp_path):
    """Ctrl-C: the report is of the candles until then, the status 0, and the copy is gone."""
    fleet = settings(tmp_path, [STRATEGY.format(name="one", symbol="BTC/USDT", capital=1000)])
    migrate(fleet.database, "real", any_filesystem=True)
    with connect(fleet.database, any_filesystem=True) as db:
        storing.store(db, HOURLY, waves(COUNT), Source.IMPORT, 1)
    (tmp_path / "temporary").mkdir()
    told = tmp_path / "replay.log"
    which = ["--config", str(fleet.directory), "--database", str(fleet.database), "--format", "json"]
    command = [Path(sys.executable).with_name("fleet"), "trade", "--replay", *which]
    environment = {"TMPDIR": str(tmp_path / "temporary")}
    with told.open("wb") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=environment)
        try:
            until(lambda: '"decisions"' in told.read_text(), 120)
            assert len(list((tmp_path / "temporary").glob("*/replay.db"))) == 1
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130
    assert json.loads(out)[0]["total_trades"] > 0
    assert "stopped before its end" in told.read_text()
    assert list((tmp_path / "temporary").iterdir()) == []
