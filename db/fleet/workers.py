"""Workers: the processes of the fleet, each with its life: one row, renewed with its heartbeat. Always in real time.

What a worker holds (`db.fleet.leases`) is its own for as long as its life lasts. A life that ran out is never renewed.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from db.database import Database, Row, Transaction
from domain.secrets import without

LIVING = 15_000  # milliseconds without a heartbeat, several of them, after which a worker lives no more as far as seen
SILENT = 3_600_000  # milliseconds after which a worker that never took its leave is forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """One process. `detail` is whatever it has to tell, as JSON.

    `place`: where its pid means something; `birth`: when the process began, in a unit of that place; `container`: the
    id of the one that it runs in. Each is None where nobody can tell.
    """

    worker_id: str
    room: str
    host: str
    pid: int
    started_ms: int
    place: str | None = None
    container: str | None = None
    birth: int | None = None
    beat_ms: int = 0
    detail: Mapping[str, object] = field(default_factory=dict)


def begin(db: Database, worker: Worker, now_ms: int, length_ms: int, before: str | None = None) -> None:
    """A life begins, and lasts `length_ms` beyond its newest heartbeat. `before`: the name of the one that it follows,
    which has ended. Those silent for an hour are forgotten.
    """
    with db.write() as tx:
        if before is not None:
            tx.run("holders_end", holder=before)
        tx.run("holders_forget", before_ms=now_ms - SILENT)
        tx.run(
            "holders_begin",
            **_times(worker, now_ms, length_ms),
            room=worker.room,
            host=worker.host,
            pid=worker.pid,
            place=worker.place,
            container=worker.container,
            birth=worker.birth,
            started_ms=worker.started_ms,
        )


def beat(db: Database, worker: Worker, now_ms: int, length_ms: int) -> bool:
    """The worker lives, and what it holds stays its own; False where its life has ended: then nothing is written."""
    with db.write() as tx:
        return bool(tx.run("holders_renew", **_times(worker, now_ms, length_ms)))


def leave(db: Database, worker_id: str) -> None:
    """The worker has stopped: what it still holds is free."""
    end(db, [worker_id])


def end(db: Database, worker_ids: Iterable[str]) -> None:
    """These are known to be dead: what they held is free at once."""
    with db.write() as tx:
        tx.run_many("holders_end", [{"holder": each} for each in sorted(worker_ids)])


def lives(tx: Transaction, holder: str, now_ms: int) -> bool:
    """Whether the life of a holder goes on."""
    rows = tx.read("holders_read", holder=holder)
    return bool(rows) and rows[0]["expires_ms"] > now_ms


def workers(db: Database) -> list[Worker]:
    """Every worker that has not taken its leave."""
    return [_worker(row) for row in db.read("workers_all")]


def living(db: Database, now_ms: int) -> list[Worker]:
    """The workers that have beaten within the last seconds, of whatever room; `now_ms`: real time."""
    return [each for each in workers(db) if abs(now_ms - each.beat_ms) < LIVING]


def alive(db: Database, room: str, now_ms: int, silence_ms: int) -> list[Worker]:
    """The workers of a room that have beaten within `silence_ms`, by a clock that may have been set since."""
    return [_worker(row) for row in db.read("workers_alive", room=room, now_ms=now_ms, silence_ms=silence_ms)]


def _times(worker: Worker, now_ms: int, length_ms: int) -> dict[str, object]:
    """What a heartbeat writes."""
    detail = json.dumps(without(worker.detail), default=str)
    return {"holder": worker.worker_id, "now_ms": now_ms, "expires_ms": now_ms + length_ms, "detail": detail}


def _worker(row: Row) -> Worker:
    values = dict(row)
    return Worker(worker_id=values.pop("holder"), detail=json.loads(values.pop("detail")), **values)
