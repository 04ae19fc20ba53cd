"""`python -m fleet.health`: whether the worker of this container has told lately that it lives. For health checks.

It reads the heartbeat, not the list of processes: a worker that hangs is not well. It loads nothing but SQLite.
Prints who lives. Exit status 0 well, 1 not.
"""

import sys
from collections.abc import Collection
from pathlib import Path

from config import environment
from db import opened
from db.fleet import workers
from domain import paths
from domain.errors import FleetError
from runtime import clock, heartbeat
from runtime.output import say, warn


def living(path: Path, location: heartbeat.WorkerLocation, now_ms: int) -> list[str]:
    """The workers of `place` that have beaten within the last seconds (`now_ms`: real time)."""
    try:
        with opened(path, read_only=True) as db:
            return [each.worker_id for each in workers.living(db, now_ms) if heartbeat.location_of(each) == location]
    except FleetError as error:
        warn(error)
        return []


def configuration_problems(path: Path, worker_ids: Collection[str]) -> list[str]:
    """What is wrong with the configuration that these workers go on without; it makes none of them unwell."""
    with opened(path, read_only=True) as db:
        found = [each.detail.get("configuration") for each in workers.workers(db) if each.worker_id in worker_ids]
    return [str(each) for each in found if each]


def main() -> int:
    """The check: returns the exit status."""
    try:
        path = paths.file_named(environment.database() or "")
    except ValueError as error:
        warn(f"{environment.DATABASE} {error}")
        return 1
    names = living(path, heartbeat.here(), clock.now_ms())
    say(" ".join(names))
    for line in configuration_problems(path, names) if names else ():
        say(line)
    return 0 if names else 1


if __name__ == "__main__":
    sys.exit(main())
