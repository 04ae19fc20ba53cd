"""Whatever workers do in whatever order, one acts at a time, and nobody ever acts under the epoch of somebody else."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from db.fleet import leases, workers
from db.fleet.leases import Kind, Right
from db.fleet.workers import Worker
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from domain.errors import LeaseLost
from tests.kit.rows import pragma, seen

LENGTH, START = 6_000, 1_800_000_000_000
PLACES, NAMES = some.sampled_from(range(3)), some.just("one")
KINDS = some.sampled_from(list(Kind))


class Fleet(RuleBasedStateMachine):
    """Three processes, each with a life and what it believes to hold; a plain model beside the file says who may act.

    `ends`: when each life ends, by name; `model`: by claim its holder and epoch; `believed`: what each process thinks.
    """

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="tradefleet-leases-"))
        migrate(self.folder / "trading.db", "simulated", any_filesystem=True)
        self.db = connect(self.folder / "trading.db", any_filesystem=True)
        pragma(self.db, "synchronous = OFF")
        self.now, self.lives = START, 0
        self.ends, self.model, self.owners = {}, {}, {}
        self.believed = [{}, {}, {}]
        self.names = ["", "", ""]

    def teardown(self):
        """The file goes."""
        self.db.close()
        shutil.rmtree(self.folder)

    @initialize()
    def all_live(self):
        """At first; and of what can be claimed each was taken over once, from a life that was ended or has run out."""
        for place in range(3):
            self.begin(place)
        for kind in Kind:
            self.claim(0, kind, "one")
        self.is_found_dead(0)
        self.claim(1, Kind.STRATEGY, "one")
        self.time_passes(LENGTH)
        for place in range(3):
            self.begin(place)
        for kind in Kind:
            self.claim(2, kind, "one")

    @rule(place=PLACES)
    def begin(self, place):
        """A process begins a life under a name that nobody had; what it believed to hold is of the one before."""
        self.lives += 1
        name = self.names[place] = f"w{self.lives}"
        workers.begin(self.db, self.worker(name), self.now, LENGTH)
        self.ends[name] = self.now + LENGTH

    def worker(self, name):
        """A worker of this name."""
        return Worker(worker_id=name, room="trader", host="h", pid=1, started_ms=1)

    def alive(self, name):
        """Whether a life goes on."""
        return self.ends.get(name, 0) > self.now

    @rule(milliseconds=some.integers(1, 2 * LENGTH))
    def time_passes(self, milliseconds):
        """For all of them."""
        self.now += milliseconds

    @rule(place=PLACES)
    def beat(self, place):
        """A life that goes on is renewed; one that ran out or was ended is not."""
        name = self.names[place]
        assert workers.beat(self.db, self.worker(name), self.now, LENGTH) == self.alive(name)
        if self.alive(name):
            self.ends[name] = self.now + LENGTH

    @rule(place=PLACES)
    def is_found_dead(self, place):
        """Somebody ends its life; it does not hear of it."""
        workers.end(self.db, [self.names[place]])
        self.ends.pop(self.names[place], None)

    @rule(place=PLACES, kind=KINDS, name=NAMES)
    def claim(self, place, kind, name):
        """It gets what nobody has who lives, if it lives itself; the epoch grows unless it had it all along."""
        me = self.names[place]
        holder, epoch = self.model.get((kind, name), (None, 0))
        found = leases.claim(self.db, kind, [name], me, self.now, LENGTH)
        if not self.alive(me) or (holder not in {None, me} and self.alive(holder)):
            assert found == {}
            return
        grown = epoch if holder == me else epoch + 1
        assert found[name] == (grown, holder if holder not in {None, me} else None)
        self.model[kind, name] = me, grown
        self.believed[place][kind, name] = me, grown
        assert self.owners.setdefault((kind, name, grown), me) == me

    @rule(place=PLACES, kind=KINDS, name=NAMES)
    def give_up(self, place, kind, name):
        """What is its own is nobody's; what is somebody else's stays."""
        me = self.names[place]
        leases.give_up(self.db, kind, me, [name])
        holder, epoch = self.model.get((kind, name), (None, 0))
        if holder == me:
            self.model[kind, name] = None, epoch

    @rule(place=PLACES)
    def release(self, place):
        """All at once."""
        me = self.names[place]
        leases.release(self.db, me)
        self.model = {key: (None if holder == me else holder, epoch) for key, (holder, epoch) in self.model.items()}

    @invariant()
    def whoever_believes_to_hold_writes_only_where_it_does(self):
        """Each tries with all that it ever had last: at most one gets through, and it is the one of the model."""
        for key in self.model:
            through = [belief[key] for belief in self.believed if key in belief and self.writes(*key, *belief[key])]
            holder, _ = self.model[key]
            expected = [self.model[key]] if holder is not None and self.alive(holder) else []
            assert through == expected

    def writes(self, kind, name, holder, epoch):
        """Whether a write goes through."""
        try:
            with self.db.write() as tx:
                leases.check(tx, Right(kind, name, holder, epoch), self.now)
        except LeaseLost:
            return False
        return True

    @invariant()
    def the_views_say_the_same(self):
        """Who may act, and since which epoch."""
        views = [(Kind.STRATEGY, "leases", "strategy_id"), (Kind.DUTY, "duties", "duty")]
        for kind, view, column in views:
            rows = seen(self.db, f"select {column}, holder, epoch, expires_ms from {view}")
            acting = {(kind, row[0]): (row[1], row[2]) for row in rows if row[3] > self.now}
            assert acting == {key: each for key, each in self.model.items() if key[0] is kind and self.alive(each[0])}


Fleet.TestCase.settings = settings(max_examples=40, stateful_step_count=40)
TestFleet = Fleet.TestCase
