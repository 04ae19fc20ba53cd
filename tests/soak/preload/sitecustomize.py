"""Loaded by every worker of a soak: its clock can be set wrong, and what it writes to the database is written down.

``$TEST_CLOCK`` names a file with the seconds by which the machine's clock is wrong. ``$TEST_JOURNAL`` names a folder in
which each process keeps two files: PID.jsonl, a line for every transaction before it commits and one after, and
PID.now, 64 bytes that say which table it wrote last and when. Both survive kill -9: the kernel holds them.
"""

import itertools
import json
import mmap
import os
import re
import time
from pathlib import Path

import apsw

from db.sqlite import library

CLOCK, JOURNAL = Path(os.environ["TEST_CLOCK"]), Path(os.environ["TEST_JOURNAL"])
KEYS = (
    "strategy_id", "timestamp", "action", "epoch", "holder", "expires_ms", "client_order_id", "run_id", "kind", "claim",
    "scope", "level", "purpose", "decided",
)  # fmt: skip
PUBLIC = {
    "ohlcv_data",
    "gaps",
    "budgets",
    "quarantine",
    "markets",
    "series_heads",
    "holders",
    "meta",
    "backfill_requests",
    "events",
}
LEASES = "select strategy_id, holder, epoch, expires_ms from leases"
WRITES = ("insert", "update", "delete", "replace")
TABLE = re.compile(r"(?is)\s*(?:(?:insert|replace)(?:\s+or\s+\w+)?\s+into|update|delete\s+from)\s+\"?(\w+)")
NAMES = itertools.count()
right = time.time_ns


def wrong() -> int:
    """What a machine's clock shows that somebody has set."""
    try:
        return right() + int(float(CLOCK.read_text() or 0) * 1e9)
    except (FileNotFoundError, ValueError):
        return right()


time.time_ns = wrong


def steady() -> int:
    """Nanoseconds of the one clock that all processes of a machine share and nobody sets."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


def table_of(sql: str) -> str:
    """The table that a statement changes."""
    return TABLE.match(sql)[1]


def told(params: object) -> dict[str, object]:
    """What of a statement's values says who wrote what for whom."""
    return {key: params[key] for key in KEYS if key in params} if isinstance(params, dict) else {}


class Recorded(library.Connection):
    """A connection that writes down what it commits."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        self.writes: list[list[object]] = []
        self.kept: list[int] = []
        self.number, self.name, self.began = 0, next(NAMES), (0, 0)
        JOURNAL.mkdir(exist_ok=True)
        self.lines = (JOURNAL / f"{os.getpid()}.jsonl").open("ab", buffering=0)
        now = (JOURNAL / f"{os.getpid()}.now").open("a+b")
        now.truncate(64)
        self.now = mmap.mmap(now.fileno(), 64)

    def execute(self, sql: str, params: object = ()) -> apsw.Cursor:
        """One statement."""
        word = sql.lstrip().split(None, 1)[0].lower()
        if word in WRITES:
            self._note(sql, [params])
        elif word == "savepoint":
            self.kept.append(len(self.writes))
        elif word == "rollback" and " to " in sql:
            del self.writes[self.kept[-1] :]
        elif word == "release":
            self.kept.pop()
        elif word == "rollback":
            self.writes.clear()
        if word == "commit" and self.writes:
            return self._commit(sql)
        done = super().execute(sql, params)
        if word == "begin":
            self.began = steady(), wrong() // 1_000_000
        return done

    def change_each(self, sql: str, rows: object) -> int:
        """One statement for many rows, whose values still have their names here."""
        rows = list(rows)
        self._note(sql, rows)
        return super().change_each(sql, rows)

    def _note(self, sql: str, rows: list[object]) -> None:
        table = table_of(sql)
        self.now[:64] = f"{steady()} {table} writing".encode().ljust(64)
        if table == "ohlcv_data" and sql.lstrip()[:6].lower() == "insert":
            self.writes += [[table, {"series": list(each[:3]), "timestamps": list(each[4::6])}] for each in rows]
        elif sql.lstrip()[:6].lower() == "insert" or table not in PUBLIC:
            self.writes += [[table, told(each)] for each in rows]
        else:
            self.writes.append([table, {}])

    def _commit(self, sql: str) -> apsw.Cursor:
        """Write down what is about to be committed and, where it is a strategy's, who may act; then that it was."""
        tables = {str(table) for table, _ in self.writes}
        leases = [list(row) for row in super().execute(LEASES).fetchall()] if tables - PUBLIC else []
        self.number += 1
        head = {"n": self.number, "c": self.name, "t": steady(), "began": self.began}
        self.lines.write(json.dumps({**head, "w": self.writes, "leases": leases}).encode() + b"\n")
        done = super().execute(sql)
        self.lines.write(json.dumps({"acked": self.number, "c": self.name}).encode() + b"\n")
        self.now[:64] = f"{steady()} {','.join(sorted(tables))[:36]} acked".encode().ljust(64)
        self.writes = []
        return done


library.Connection = Recorded
