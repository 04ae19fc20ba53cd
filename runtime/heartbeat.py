"""Heartbeats: a worker tells that it lives, in real time."""

import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import replace

from db import workers
from db.connection import Database
from db.workers import Worker
from runtime import clock


def worker(room: str) -> Worker:
    """The process we are in; the name is unique over hosts, containers and restarts."""
    host = socket.gethostname()
    name = f"{room}-{host}-{os.getpid()}-{secrets.token_hex(2)}"
    return Worker(worker_id=name, room=room, host=host, pid=os.getpid(), started_ms=clock.now_ms())


class Heartbeat:
    """Beats at most once in `seconds`, and takes its leave at the end of a `with` block."""

    def __init__(self, db: Database, who: Worker, seconds: float) -> None:
        self._db, self._who, self._pause_ms, self._due_ms = db, who, round(seconds * 1000), 0

    def beat(self, detail: Mapping[str, object]) -> bool:
        """Tell that the worker lives, if it is time; returns whether it was."""
        now = clock.steady_ms()
        if now < self._due_ms:
            return False
        self._due_ms = now + self._pause_ms
        workers.beat(self._db, replace(self._who, detail=detail), clock.now_ms())
        return True

    def __enter__(self) -> "Heartbeat":
        return self

    def __exit__(self, *_: object) -> None:
        workers.leave(self._db, self._who.worker_id)
