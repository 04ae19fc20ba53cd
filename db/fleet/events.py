"""Events: what happened to the rights of workers and to the data, as rows. Each is written in the transaction in which
it happens, where there is one.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from db.database import Database, Transaction

ROWS = 2_000  # that are forgotten at once
FLEET = "fleet"  # the subject of what concerns everybody


class Code(StrEnum):
    """What happened, for programs."""

    TAKEN_OVER = "taken_over"  # somebody acts for whom another one has died
    LOST = "lost"  # a worker has found that it may no longer act
    FENCED = "fenced"  # a write was refused: somebody else acts
    REFUSED = "refused"  # a write was refused: the strategy trades under another configuration
    HALTED = "halted"  # the kill switch was turned on, or has refused an entry
    GAP_REPAIRED = "gap_repaired"  # bars that were missing are here


@dataclass(frozen=True, slots=True)
class Event:
    """`at_ms`: real time. `subject`: a strategy's id, a duty, a series, or `FLEET`. `text` is for people.

    Of a gap: the opens of its first and last bar, and the `cause` by which it was explained.
    """

    at_ms: int
    code: Code
    subject: str
    text: str
    holder: str | None = None
    epoch: int | None = None
    first_timestamp: int | None = None
    last_timestamp: int | None = None
    cause: str | None = None


def note(tx: Transaction, *events: Event) -> None:
    """Write down what happens in this transaction."""
    tx.run_many("events_insert", [asdict(each) | {"transaction_id": tx.transaction_id} for each in events])


def newest(db: Database, count: int) -> Sequence[dict[str, Any]]:
    """The newest events, newest first, as rows."""
    return [dict(row) for row in db.read("events_newest", count=count)]


def forget(db: Database, before_ms: int) -> int:
    """Delete some of the events before a moment (real time), the oldest; how many they were."""
    if not db.read("events_before", before_ms=before_ms):
        return 0
    with db.write() as tx:
        return tx.run("events_forget", before_ms=before_ms, rows=ROWS)
