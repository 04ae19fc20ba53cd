"""Heartbeats: a worker tells that it lives, in real time, and with that keeps what it holds."""

import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from config.settings import Supervision
from db.database import Database
from db.fleet import workers
from db.fleet.workers import Worker
from runtime import clock, process_place
from runtime.light_structlog import structlog

log = structlog.get_logger()


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
    host, place = socket.gethostname(), process_place.here()
    return Worker(
        worker_id=_name(room, host),
        room=room,
        host=host,
        pid=os.getpid(),
        started_ms=clock.now_ms(),
        **place._asdict(),
    )


def _name(room: str, host: str) -> str:
    """A name that no life had before."""
    return f"{room}-{host}-{os.getpid()}-{secrets.token_hex(2)}"


class Heartbeat:
    """The life of this process in the database: begins with the first beat, goes on with each, which are `heartbeat`
    seconds apart at least, ends `lease` seconds after the last one, or with the `with` block.

    `who` is this process as it is called now. A life that ran out is never renewed: the process goes on under another
    name, and what it held under the one before is lost to it.
    """

    def __init__(self, db: Database, who: Worker, rules: Supervision) -> None:
        self._db, self.who = db, who
        self.pause_ms, self.length_ms = round(rules.heartbeat * 1000), round(rules.lease * 1000)
        self._due_ms, self._begun = 0, False
        self.former: set[str] = set()  # the names that this process had before
        self._namespace = here().namespace

    @property
    def holder(self) -> str:
        """The name under which this process holds what it holds."""
        return self.who.worker_id

    def beat(self, detail: Mapping[str, object]) -> bool:
        """Tell that the worker lives, if it is time; returns whether it was. Whoever has died beside us is told too."""
        now = clock.steady_ms()
        if now < self._due_ms:
            return False
        self._due_ms = now + self.pause_ms
        self.who = replace(self.who, detail={**detail, "namespace": self._namespace})
        self.renew()
        end_the_dead(self._db)
        return True

    def renew(self) -> None:
        """Live on for another length; begin a life where there is none, or the one before has ended."""
        now_ms, before = clock.now_ms(), self.who
        if self._begun:
            if workers.beat(self._db, self.who, now_ms, self.length_ms):
                return
            self.former.add(before.worker_id)
            self.who = replace(self.who, worker_id=_name(self.who.room, self.who.host))
            log.warning("life_ended", before=before.worker_id, holder=self.holder, reason="it was not renewed in time")
        workers.begin(self._db, self.who, now_ms, self.length_ms, before.worker_id if self._begun else None)
        self._begun = True

    def leave(self) -> None:
        """The worker has stopped."""
        workers.leave(self._db, self.holder)

    def __enter__(self) -> "Heartbeat":
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()


def end_the_dead(db: Database) -> None:
    """End the lives of those of whom we know that they are dead, for their processes were of this place: what they held
    is free at once.
    """
    gone = process_place.dead(workers.workers(db), process_place.here())
    if gone:
        workers.end(db, gone)
        log.warning("worker_died", workers=gone, reason="its process is gone: what it held is free")


def begun(db: Database, room: str, rules: Supervision, name: str | None = None) -> Heartbeat:
    """A life that begins now, for whoever beats no more than that; `name`: another than its own."""
    who = worker(room)
    beats = Heartbeat(db, who if name is None else replace(who, worker_id=name), rules)
    beats.renew()
    return beats
