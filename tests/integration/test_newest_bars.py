"""The newest end of a series: what a trader that wakes up in between can see, request by request."""

from dataclasses import dataclass, replace

import pytest

from backfiller import history
from backfiller.newest_bars import fetch_newest
from backfiller.plan import Wanted
from backfiller.schedule import SeriesSchedule
from backfiller.series_fetcher import SeriesFetcher
from config.settings import SeriesSettings
from db.market_data import storing
from db.sqlite.connection import connect
from domain.candles import Series, Source
from domain.gaps import Cause
from exchange import ccxt_exchange
from exchange.ccxt_exchange import Connection
from exchange.simulated.faults import parse
from runtime.clock import Clock
from runtime.stop import Stop
from tests.backfilling import NOW, fleet, holes, simulator, stored
from tests.kit.candles import bar

MINUTES = Series("coinbase", "BTC/USD", "1m")
NEWEST = NOW // 60 * 60 - 60
OPEN = {Cause.NOT_FETCHED, Cause.REJECTED}


class Freely:
    """A pacer that lets everything through."""

    def wait(self, exchange):
        """Now."""

    def pause(self, exchange, milliseconds, reason):
        """Never."""


@dataclass
class Watched:
    """An exchange; `seen` is called before each request: what a trader could see while it waits for the answer."""

    asked: object
    seen: object

    def __getattr__(self, name):
        """As the exchange."""
        return getattr(self.asked, name)

    def candles(self, series, since, limit):
        """As the exchange, after a look."""
        self.seen()
        return self.asked.candles(series, since, limit)


@pytest.fixture
def quiet(tmp_path):
    """A simulated exchange whose clock stands still, its fetcher, and a database that reaches to two hours ago."""
    with simulator(speed=0.0) as running:
        settings = fleet(tmp_path, running, "coinbase BTC/USD 1m 500")
        asked = ccxt_exchange.connect("coinbase", Freely(), Connection(base_url=f"{running.url}/coinbase"))
        with connect(settings.database) as db, Stop() as stop:
            asked.markets()
            clock = Clock(start_ms=NOW * 1000, origin_ms=0, speed=0.0)
            fetcher = SeriesFetcher(db=db, exchange=asked, settle=2.0, clock=clock, stop=stop)
            old = NEWEST - 120 * 60
            storing.store(db, MINUTES, [bar(0, 1.0, start=old)], Source.IMPORT, 1)
            yield running, settings, fetcher
        asked.close()


def fault(running, name, *numbers, more=""):
    """A fault on bars that are counted back from the newest."""
    first, last = NEWEST - max(numbers) * 60, NEWEST - min(numbers) * 60
    return running.faults.add(parse(f"{name}:coinbase,timeframe=1m,first={first},last={last}{more}"))


def later(running, fetcher, seconds):
    """Candle time goes on for everybody."""
    running.clock.jump((NOW + seconds) * 1000)
    fetcher.clock = fetcher.exchange_clock.clock = replace(fetcher.clock, start_ms=(NOW + seconds) * 1000)


def test_no_newer_bar_shows_before_the_older_is_explained(quiet):
    """At no moment at which an exchange is waited for stands a hole among the stored bars that is not explained."""
    running, settings, fetcher = quiet
    for each in range(3, 110, 7):
        fault(running, "missing", each)
    looks = []

    def look():
        newest = stored(settings, MINUTES)[-1].timestamp
        looks.append([gap for gap in holes(settings, MINUTES) if gap.cause in OPEN and gap.last_timestamp < newest])

    fetcher.exchange = Watched(fetcher.exchange, look)
    assert fetch_newest(fetcher, MINUTES, NEWEST - 120 * 60).newest == NEWEST
    assert len(looks) > 1
    assert not any(looks)
    assert {gap.cause for gap in holes(settings, MINUTES)} == {Cause.NO_TRADES}


def test_a_newer_bar_waits_for_one_that_may_still_come(quiet):
    """A quarter of its time; then it is stored, and the hole stands with its cause."""
    running, settings, fetcher = quiet
    fault(running, "wrong", 1)
    later(running, fetcher, NEWEST + 60 + 5 - NOW)
    reached = fetch_newest(fetcher, MINUTES, NEWEST - 120 * 60)
    assert (reached.newest, reached.held_ms) == (NEWEST - 120, (NEWEST + 60 + 15) * 1000)
    later(running, fetcher, NEWEST + 60 + 15 - NOW)
    reached = fetch_newest(fetcher, MINUTES, reached.newest)
    assert (reached.newest, reached.held_ms, reached.unexplained) == (NEWEST, None, True)
    assert holes(settings, MINUTES)[-1] == (NEWEST - 60, NEWEST - 60, Cause.REJECTED)


def test_what_came_broken_is_repaired_while_following(quiet):
    """Without a restart; the newer bars were not held up for longer than an entry on them were allowed."""
    running, settings, fetcher = quiet
    broken = fault(running, "wrong", 50, 60)
    wanted = Wanted(SeriesSettings(series=MINUTES, last=100))
    assert history.fill(fetcher, wanted).unexplained
    assert not history.repair(fetcher, wanted)
    running.faults.clear(broken.number)
    assert history.repair(fetcher, wanted)
    assert not [gap for gap in holes(settings, MINUTES) if gap.cause in OPEN]


def test_repairs_become_rarer():
    """Each that brings nothing doubles the time until the next, up to six hours; one that brings something is soon
    followed by another.
    """
    schedule, waits = SeriesSchedule(Wanted(SeriesSettings(series=MINUTES))), []
    schedule.plan_repair(0, unexplained=True)
    for _ in range(12):
        schedule.plan_repair(0, unexplained=True, better=False)
        waits.append(schedule.repair_ms)
    assert waits[:3] == [120_000, 240_000, 480_000]
    assert waits[-1] == 21_600_000
    schedule.plan_repair(0, unexplained=True)
    assert schedule.repair_ms == 60_000
    schedule.plan_repair(0, unexplained=False)
    assert schedule.repair_ms is None
