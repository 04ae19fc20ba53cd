"""The leases of one process: what it takes, keeps, gives up and loses, each told as an event of its own."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

import structlog

from db.database import Database
from db.fleet import leases, workers
from domain.candles import Series
from runtime import clock
from trader.assignment import fair_share

log = structlog.get_logger()
LOST = "the lease ran out, or somebody else holds it"


@dataclass(kw_only=True)
class Leasing:
    """The rights of `holder` in real time; `epochs` are those of the leases it has, `length_ms` how long one lasts.

    `orphans`: strategies taken over from somebody who let the lease expire, until they have decided the newest bar.
    """

    db: Database
    holder: str
    length_ms: int
    epochs: dict[str, int] = field(default_factory=dict)
    orphans: set[str] = field(default_factory=set)
    _dealt: tuple[object, frozenset[str]] = (None, frozenset())

    def part(self, pool: Mapping[str, Series]) -> frozenset[str]:
        """Our fair part of those strategies of `pool` that nobody holds outside of the traders who share."""
        now_ms = clock.now_ms()
        alive = workers.alive(self.db, "trader", now_ms, self.length_ms)
        sharing = {each.worker_id for each in alive if each.detail.get("shares")}
        holders = leases.held(self.db, now_ms, self.length_ms)
        outside = {strategy_id for strategy_id, holder in holders.items() if holder not in {*sharing, self.holder}}
        facts = sharing, {each: series for each, series in pool.items() if each not in outside}
        if facts != self._dealt[0]:
            self._dealt = facts, fair_share(self.holder, *facts)
        return self._dealt[1]

    def take(self, strategy_ids: Set[str]) -> set[str]:
        """Take those that are free or expired; the ids that were."""
        if not strategy_ids:
            return set()
        taken = leases.claim(self.db, strategy_ids, self.holder, clock.now_ms(), self.length_ms)
        for strategy_id, claim in taken.items():
            self.epochs[strategy_id] = claim.epoch
            if claim.expired not in {None, self.holder}:
                self.orphans.add(strategy_id)
            self._tell("lease_taken_over" if claim.expired else "lease_taken", strategy_id, before=claim.expired)
        return set(taken)

    def keep(self) -> set[str]:
        """Hold on to all for another length; the ids that somebody else has taken."""
        if not self.epochs:
            return set()
        kept = leases.renew(self.db, self.holder, clock.now_ms(), self.length_ms)
        return self.epochs.keys() - kept

    def lose(self, strategy_id: str, event: str, reason: str) -> None:
        """Stop acting for a strategy whose lease is no longer ours."""
        self._tell(event, strategy_id, reason=reason)
        del self.epochs[strategy_id]

    def give_up(self, strategy_ids: Iterable[str], reason: str | None = None) -> None:
        """Let others have these at once."""
        chosen = self.epochs.keys() & set(strategy_ids)
        if chosen:
            leases.give_up(self.db, self.holder, chosen)
        for strategy_id in chosen:
            self._tell("lease_given_up", strategy_id, reason=reason)
            del self.epochs[strategy_id]

    def release(self) -> None:
        """Give every lease back, so that another process can act at once."""
        leases.release(self.db, self.holder)
        self.epochs.clear()

    def _tell(self, event: str, strategy_id: str, **more: str | None) -> None:
        told = {name: value for name, value in more.items() if value is not None}
        log.info(event, strategy_id=strategy_id, holder=self.holder, epoch=self.epochs[strategy_id], **told)
