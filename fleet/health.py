"""`python -m fleet.health`: whether a worker of this host has told lately that it lives. For containers' health checks.

It reads the heartbeat, not the list of processes: a worker that hangs is not well. It loads nothing but SQLite.
Exit status 0 well, 1 not.
"""

import socket
import sys
from pathlib import Path

from config import environment
from db import workers
from db.connection import connect_readonly
from domain.errors import FleetError
from runtime import clock

SILENT_MS = 15_000  # several heartbeats


def well(path: Path, host: str, now_ms: int) -> bool:
    """Whether a worker on `host` has beaten within the last seconds (`now_ms`: real time)."""
    try:
        with connect_readonly(path) as db:
            beats = [each.beat_ms for each in workers.workers(db) if each.host == host]
    except FleetError:
        return False
    return any(abs(now_ms - beat_ms) < SILENT_MS for beat_ms in beats)


if __name__ == "__main__":
    found = environment.database()
    sys.exit(0 if found is not None and well(found, socket.gethostname(), clock.now_ms()) else 1)
