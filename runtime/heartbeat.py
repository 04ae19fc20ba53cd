"""Heartbeats: a worker tells that it lives, in real time."""

import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from db.database import Database
from db.fleet import workers
from db.fleet.workers import Worker
from runtime import clock


class WorkerLocation(NamedTuple):
    """Where a process runs: its host, and on Linux its mount namespace. Every container has one of its own, also where
    they share their host's name (`network_mode: host`) or its processes.
    """

    host: str
    namespace: str | None


def here() -> WorkerLocation:
    """Where we are."""
    try:
        namespace = str(Path("/proc/self/ns/mnt").readlink())
    except OSError:
        namespace = None
    return WorkerLocation(socket.gethostname(), namespace)


def location_of(who: Worker) -> WorkerLocation:
    """Where a worker runs, as it has told."""
    namespace = who.detail.get("namespace")
    return WorkerLocation(who.host, None if namespace is None else str(namespace))


def worker(room: str) -> Worker:
    """The process we are in; the name is unique over hosts, containers and restarts."""
    host = socket.gethostname()
    name = f"{room}-{host}-{os.getpid()}-{secrets.token_hex(2)}"
    return Worker(worker_id=name, room=room, host=host, pid=os.getpid(), started_ms=clock.now_ms())


class Heartbeat:
    """Beats at most once in `seconds`, and takes its leave at the end of a `with` block."""

    def __init__(self, db: Database, who: Worker, seconds: float) -> None:
        self._db, self._who, self._pause_ms, self._due_ms = db, who, round(seconds * 1000), 0
        self._namespace = here().namespace

    def beat(self, detail: Mapping[str, object]) -> bool:
        """Tell that the worker lives, if it is time; returns whether it was."""
        now = clock.steady_ms()
        if now < self._due_ms:
            return False
        self._due_ms = now + self._pause_ms
        workers.beat(self._db, replace(self._who, detail={**detail, "namespace": self._namespace}), clock.now_ms())
        return True

    def __enter__(self) -> "Heartbeat":
        return self

    def __exit__(self, *_: object) -> None:
        workers.leave(self._db, self._who.worker_id)
