"""The leases of one process: what it takes, keeps, gives up and loses, each told as an event of its own."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

import structlog

from db.database import Database
from db.fleet import events, leases, workers
from db.fleet.events import Code, Event
from db.fleet.leases import Kind
from domain.candles import Series
from runtime import clock
from runtime.heartbeat import Heartbeat
from trader.assignment import fair_share

log = structlog.get_logger()
LOST = "the lease ran out, or somebody else holds it"
Others = tuple[frozenset[str], frozenset[str]]  # the traders who share, and what is held outside of them


@dataclass(kw_only=True)
class Leasing:
    """The leases that this process has for as long as its life lasts (`beats`); `epochs` are those under which it has
    them.

    `orphans`: strategies taken over from somebody who let the lease expire, until they have decided the newest bar.
    """

    db: Database
    beats: Heartbeat
    epochs: dict[str, int] = field(default_factory=dict)
    orphans: set[str] = field(default_factory=set)
    _dealt: tuple[object, object, frozenset[str]] = (None, None, frozenset())
    _living: frozenset[str] = frozenset()

    @property
    def holder(self) -> str:
        """The name under which the leases are held."""
        return self.beats.holder

    @property
    def length_ms(self) -> int:
        """How long a life lasts beyond its newest heartbeat, real milliseconds."""
        return self.beats.length_ms

    def part(self, pool: Mapping[str, Series]) -> frozenset[str]:
        """Our fair part of those strategies of `pool` that nobody holds outside of the traders who share. It is worked
        out again only where the pool is another object, or the others are others.
        """
        others = self._others()
        if pool is not self._dealt[0] or others != self._dealt[1]:
            sharing, outside = others
            free = {each: series for each, series in pool.items() if each not in outside} if outside else pool
            self._dealt = pool, others, fair_share(self.holder, sharing, free)
        return self._dealt[2]

    def others_changed(self) -> bool:
        """Whether another trader has begun or ceased to live since the last call: a look at each of them."""
        alive = workers.alive(self.db, "trader", clock.now_ms(), self.length_ms)
        before, self._living = self._living, frozenset(each.worker_id for each in alive)
        return before != self._living

    def _others(self) -> Others:
        """Who shares with us, and what is held by anybody else."""
        now_ms = clock.now_ms()
        alive = workers.alive(self.db, "trader", now_ms, self.length_ms)
        sharing = frozenset(each.worker_id for each in alive if each.detail.get("shares"))
        outside = leases.holders(self.db, Kind.STRATEGY, now_ms, self.length_ms) - sharing - {self.holder}
        return sharing, frozenset().union(*(leases.held_by(self.db, Kind.STRATEGY, each) for each in outside))

    def take(self, strategy_ids: Set[str]) -> set[str]:
        """Take those that are free or expired; the ids that were."""
        if not strategy_ids:
            return set()
        taken = leases.claim(self.db, Kind.STRATEGY, strategy_ids, self.holder, clock.now_ms(), self.length_ms)
        for strategy_id, claim in taken.items():
            self.epochs[strategy_id] = claim.epoch
            if claim.expired is not None and claim.expired not in self.beats.former:
                self.orphans.add(strategy_id)
            self._tell("lease_taken_over" if claim.expired else "lease_taken", strategy_id, before=claim.expired)
        return set(taken)

    def keep(self) -> set[str]:
        """Hold on to all for another length; the ids that are ours no more."""
        self.beats.renew()
        return self.lost()

    def lost(self) -> set[str]:
        """The ids that are ours no more. Nobody but us adds to what we hold: as long as it is as much as before, it is
        the same.
        """
        if not self.epochs:
            return set()
        if leases.count(self.db, Kind.STRATEGY, self.holder) == len(self.epochs):
            return set()
        return self.epochs.keys() - leases.held_by(self.db, Kind.STRATEGY, self.holder)

    def note_lost(self, strategy_ids: Set[str]) -> None:
        """An event for each that was ours and is no more."""
        now_ms, holder = clock.now_ms(), self.holder
        lost = [
            Event(now_ms, Code.LOST, each, LOST, holder=holder, epoch=self.epochs[each])
            for each in sorted(strategy_ids)
        ]
        if lost:
            with self.db.write() as tx:
                events.note(tx, *lost)

    def lose(self, strategy_id: str, event: str, reason: str) -> None:
        """Stop acting for a strategy whose lease is no longer ours."""
        self._tell(event, strategy_id, reason=reason)
        del self.epochs[strategy_id]

    def give_up(self, strategy_ids: Iterable[str], reason: str | None = None) -> None:
        """Let others have these at once."""
        chosen = self.epochs.keys() & set(strategy_ids)
        if chosen:
            leases.give_up(self.db, Kind.STRATEGY, self.holder, chosen)
        for strategy_id in chosen:
            self._tell("lease_given_up", strategy_id, reason=reason)
            del self.epochs[strategy_id]

    def release(self) -> None:
        """Give every lease back, so that another process can act at once."""
        leases.release(self.db, self.holder)
        self.epochs.clear()

    def _tell(self, event: str, strategy_id: str, **more: str | None) -> None:
        details = {name: value for name, value in more.items() if value is not None}
        log.info(event, strategy_id=strategy_id, holder=self.holder, epoch=self.epochs[strategy_id], **details)
