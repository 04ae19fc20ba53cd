"""Workers: the processes of the fleet and their heartbeats. Always in real time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from db.database import Database, Row
from domain.secrets import without

LIVING = 15_000  # milliseconds without a heartbeat, several of them, after which a worker lives no more as far as seen
SILENT = 3_600_000  # milliseconds after which a worker that never took its leave is forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """One process. `detail` is whatever it has to tell, as JSON."""

    worker_id: str
    room: str
    host: str
    pid: int
    started_ms: int
    beat_ms: int = 0
    detail: Mapping[str, object] = field(default_factory=dict)


def beat(db: Database, worker: Worker, now_ms: int) -> None:
    """The worker lives; those silent for an hour are forgotten."""
    with db.write() as tx:
        tx.run(
            "workers_beat",
            worker_id=worker.worker_id,
            room=worker.room,
            host=worker.host,
            pid=worker.pid,
            started_ms=worker.started_ms,
            now_ms=now_ms,
            detail=json.dumps(without(worker.detail), default=str),
        )
        tx.run("workers_forget", before_ms=now_ms - SILENT)


def leave(db: Database, worker_id: str) -> None:
    """The worker has stopped."""
    with db.write() as tx:
        tx.run("workers_leave", worker_id=worker_id)


def workers(db: Database) -> list[Worker]:
    """Every worker that has not taken its leave."""
    return [_worker(row) for row in db.read("workers_all")]


def living(db: Database, now_ms: int) -> list[Worker]:
    """The workers that have beaten within the last seconds, of whatever room; `now_ms`: real time."""
    return [each for each in workers(db) if abs(now_ms - each.beat_ms) < LIVING]


def alive(db: Database, room: str, now_ms: int, silence_ms: int) -> list[Worker]:
    """The workers of a room that have beaten within `silence_ms`, by a clock that may have been set since."""
    return [_worker(row) for row in db.read("workers_alive", room=room, now_ms=now_ms, silence_ms=silence_ms)]


def _worker(row: Row) -> Worker:
    return Worker(**(dict(row) | {"detail": json.loads(row["detail"])}))
