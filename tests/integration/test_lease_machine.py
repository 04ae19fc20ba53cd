"""Leases in any order of events, on a real file: one may write at a time, epochs only grow, who was fenced stays so."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from db.fleet import leases, workers
from db.fleet.leases import Kind, Right
from db.fleet.workers import Worker
from domain.errors import LeaseLost
from tests.db_files import fresh
from tests.kit.rows import change, rows

LENGTH, NAMES = 1_000, ("backfill:kraken", "backfill:binance", "archive")
names = st.sets(st.sampled_from(NAMES), min_size=1)
picks = st.integers(0, 99)


class Leases(RuleBasedStateMachine):
    """Processes that begin, claim, beat, give up, die and are declared dead, by a clock that anybody may set."""

    db = None  # one file for all lives of the machine

    @initialize()
    def empty(self):
        """Nobody holds anything."""
        for table in ("claims", "holders", "events"):
            change(self.db, f"delete from {table}")
        self.now, self.count, self.holders, self.rights = 1_000_000, 0, [], []
        self.epochs = dict.fromkeys(NAMES, 0)
        self.begin()

    @rule()
    def begin(self):
        """A new process, under a new name."""
        self.count += 1
        who = Worker(worker_id=f"w{self.count}", room="trader", host="here", pid=self.count, started_ms=self.now)
        workers.begin(self.db, who, self.now, LENGTH)
        self.holders.append(who)

    @rule(pick=picks)
    def follow(self, pick):
        """A process that comes back: the one before has ended."""
        before = self._one(pick)
        self.count += 1
        who = Worker(worker_id=f"w{self.count}", room="trader", host="here", pid=self.count, started_ms=self.now)
        workers.begin(self.db, who, self.now, LENGTH, before=before.worker_id)
        self.holders.append(who)
        assert leases.held_by(self.db, Kind.DUTY, before.worker_id) == set() or not self._may(before)

    @rule(pick=picks, wanted=names)
    def claim(self, pick, wanted):
        """Somebody takes what is free, and nothing of another one who lives. A life that ends later than any can, since
        the clock was set back, counts as none: its epoch is over by then.
        """
        who, acting = self._one(pick), self._acting()
        ends = dict(rows(self.db, "select holder, expires_ms from holders"))
        taken = leases.claim(self.db, Kind.DUTY, wanted, who.worker_id, self.now, LENGTH)
        assert taken.keys() <= wanted
        for name, found in taken.items():
            other = acting.get(name, who.worker_id)
            assert other == who.worker_id or ends[other] > self.now + LENGTH
            assert found.epoch >= self.epochs[name]
            new = Right(Kind.DUTY, name, who.worker_id, found.epoch)
            assert new in self.rights or found.epoch > self.epochs[name]
            self.epochs[name] = found.epoch
            self.rights.append(new)

    @rule(pick=picks)
    def beat(self, pick):
        """A heartbeat; after the end of its life it changes nothing."""
        who = self._one(pick)
        before = rows(self.db, "select * from holders where holder = ?", [who.worker_id])
        if not workers.beat(self.db, who, self.now, LENGTH):
            assert rows(self.db, "select * from holders where holder = ?", [who.worker_id]) == before
            assert not self._may(who)

    @rule(pick=picks, wanted=names)
    def give_up(self, pick, wanted):
        """What is given back is nobody's at once."""
        who = self._one(pick)
        leases.give_up(self.db, Kind.DUTY, who.worker_id, wanted)
        assert not [right for right in self._may(who) if right.claim in wanted]

    @rule(pick=picks, how=st.sampled_from(["release", "leave", "end"]))
    def go(self, pick, how):
        """A process stops in order, or is known to be dead: it may write nothing any more."""
        who = self._one(pick)
        if how == "release":
            leases.release(self.db, who.worker_id)
        elif how == "leave":
            workers.leave(self.db, who.worker_id)
        else:
            workers.end(self.db, [who.worker_id])
        assert not self._may(who)

    @rule(by=st.sampled_from([1, 300, 999, 1_000, 1_001, 5_000, -300, -5_000, 3_700_000]))
    def pass_time(self, by):
        """Time passes; or somebody sets the clock back, or far ahead."""
        self.now += by

    @precondition(lambda self: hasattr(self, "rights"))
    @invariant()
    def one_may_write(self):
        """Of all rights that ever were, at most one of each name is good, and it is the newest."""
        for right in self.rights:
            if self._good(right):
                assert right.epoch == self.epochs[right.claim]
        assert all(len({right.holder for right in self._all_good() if right.claim == name}) <= 1 for name in NAMES)
        stored = dict(rows(self.db, "select claim, epoch from claims"))
        assert all(stored.get(name, 0) == epoch for name, epoch in self.epochs.items())

    def _one(self, pick):
        return self.holders[pick % len(self.holders)]

    def _good(self, right):
        """Whether a transaction of his would be let through now."""
        with self.db.write() as tx:
            try:
                leases.check(tx, right, self.now)
            except LeaseLost:
                return False
        return True

    def _all_good(self):
        return {right for right in set(self.rights) if self._good(right)}

    def _may(self, who):
        return [right for right in self._all_good() if right.holder == who.worker_id]

    def _acting(self):
        return {right.claim: right.holder for right in self._all_good()}


def test_one_holder_at_a_time_writes_whatever_happens(tmp_path):
    """Over many lives of claims, heartbeats, deaths and clocks that are set."""
    with fresh(tmp_path) as db:
        machine = type("LeasesOnFile", (Leases,), {"db": db})
        machine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
        machine.TestCase().runTest()
