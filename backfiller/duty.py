"""The duty of keeping the candles of an exchange: one process has it at a time, and whatever it writes is checked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from db.database import Database
from db.fleet import events, leases
from db.fleet.events import Code, Event
from db.fleet.leases import Kind, Right
from domain.errors import LeaseLost
from runtime.clock import now_ms
from runtime.heartbeat import Heartbeat

PREFIX = "backfill:"


@dataclass(frozen=True, kw_only=True)
class Duty:
    """The duty for one exchange, held for as long as the life of this process (`beats`) lasts."""

    exchange: str
    beats: Heartbeat

    @property
    def name(self) -> str:
        """As it stands in the database, such as ``backfill:kraken``."""
        return f"{PREFIX}{self.exchange}"

    def actor(self, db: Database) -> str | None:
        """Who else has it, None for nobody else."""
        holder = held(db, self.beats.length_ms).get(self.exchange)
        return None if holder == self.beats.holder else holder

    def claim(self, db: Database) -> Right | None:
        """Take it where nobody else has it, or whoever had it lives no more; None where somebody else acts."""
        holder = self.beats.holder
        taken = leases.claim(db, Kind.DUTY, [self.name], holder, now_ms(), self.beats.length_ms).get(self.name)
        return None if taken is None else Right(Kind.DUTY, self.name, holder, taken.epoch)

    def give_up(self, db: Database) -> None:
        """Let another one have it at once."""
        leases.give_up(db, Kind.DUTY, self.beats.holder, [self.name])


@contextmanager
def acting(db: Database, right: Right) -> Iterator[None]:
    """Within the block every write through `db` is refused once somebody else has the duty: raises LeaseLost, which
    leaves an event.
    """
    try:
        with db.fenced(lambda tx: leases.check(tx, right, now_ms())):
            yield
    except LeaseLost as error:
        with db.write() as tx:
            _, duty, holder, epoch = right
            events.note(tx, Event(now_ms(), Code.FENCED, duty, str(error), holder=holder, epoch=epoch))
        raise


def held(db: Database, length_ms: int) -> dict[str, str]:
    """Who acts for which exchange: the holders that live, by exchange."""
    duties = leases.held(db, Kind.DUTY, now_ms(), length_ms)
    return {name.removeprefix(PREFIX): holder for name, holder in duties.items() if name.startswith(PREFIX)}
