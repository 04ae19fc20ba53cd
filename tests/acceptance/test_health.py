"""The health of a container is that of its own worker, whoever else beats on a host of the same name."""

import os
import signal
import subprocess
import sys
from dataclasses import replace

from db.fleet import workers
from db.fleet.workers import LIVING
from fleet import health
from runtime import clock, heartbeat
from tests.backfilling import until
from tests.kit.rows import rows


def asked(settings):
    """What a health check says beside a worker: its status and who lives."""
    env = {**os.environ, "TRADEFLEET_DATABASE": str(settings.database)}
    done = subprocess.run([sys.executable, "-m", "fleet.health"], env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.split()


def test_a_worker_that_hangs_is_not_well_though_its_neighbour_beats(trading):
    """They share the host's name, as containers with `network_mode: host` do; each has a mount namespace of its own."""
    settings, db = trading
    ((name, pid),) = rows(settings.database, "select worker_id, pid from workers")
    until(lambda: asked(settings) == (0, [name]))
    with db.write():  # so that it does not hang in a write of its own
        os.kill(pid, signal.SIGSTOP)
    try:
        later = clock.now_ms() + LIVING
        who = replace(heartbeat.worker("trader"), detail={"namespace": "mnt:[1]"})
        workers.begin(db, who, later, LIVING)
        assert health.living(settings.database, heartbeat.here(), later) == []
        assert health.living(settings.database, heartbeat.location_of(who), later) == [who.worker_id]
    finally:
        os.kill(pid, signal.SIGCONT)


def test_without_a_database_nobody_is_well(tmp_path, capsys):
    """It says why."""
    assert health.living(tmp_path / "none.db", heartbeat.here(), 0) == []
    assert "does not exist" in capsys.readouterr().err
