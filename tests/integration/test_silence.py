"""Nothing follows from silence: what an exchange does not say is no cause, what it says in part is asked again."""

import pytest

from db.market_data import gaps, storing
from db.sqlite.connection import connect, connect_readonly
from domain.candles import Series, Source
from domain.gaps import Cause
from exchange.simulated.faults import parse
from tests.backfilling import NOW, fleet, holes, once, simulator, stored, unexplained
from tests.kit.candles import bar
from tests.kit.series import HOUR, HOURLY

LAST = NOW // HOUR * HOUR - HOUR
DEPTH = 2500
FIRST = LAST - (DEPTH - 1) * HOUR
BINANCE, COINBASE = f"binance BTC/USDT 1h {DEPTH}", "coinbase BTC/USD 1m 2000"
MINUTES = Series("coinbase", "BTC/USD", "1m")
NEWEST_MINUTE = NOW // 60 * 60 - 60


def quiet(first, last, count=""):
    """Nobody trades at Coinbase from one to another minute before the newest."""
    span = f"first={NEWEST_MINUTE - last * 60},last={NEWEST_MINUTE - first * 60}"
    return f"missing:coinbase,symbol=BTC/USD,timeframe=1m,{span}{count}"


def causes(settings, series=HOURLY):
    """Why bars are missing."""
    return {gap.cause for gap in holes(settings, series)}


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    """What an exchange without faults has."""
    with simulator() as running:
        settings = fleet(tmp_path_factory.mktemp("truth"), running, BINANCE)
        assert once(settings) == 0
        return stored(settings)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("fault", ["missing", "wrong"])
def test_some_silent_or_broken_answers_hide_nothing(tmp_path, truth, fault, count):
    """Whichever of the first requests they hit: no cause but that nothing came, and the next run has it all."""
    with simulator(faults=(f"{fault}:binance,path=klines,count={count}",)) as running:
        settings = fleet(tmp_path, running, BINANCE)
        status = once(settings)
        assert causes(settings) <= {Cause.NOT_FETCHED, Cause.REJECTED}
        assert status == (1 if len(stored(settings)) < DEPTH else 0)
        running.faults.clear()
        assert once(settings) == 0
    assert stored(settings) == truth


@pytest.mark.parametrize(
    ("fault", "name", "said"),
    [
        ("missing:coinbase,path=candles", COINBASE, "no candle came"),
        ("wrong:coinbase,path=candles", COINBASE, "the rows were refused"),
        ("wrong:kraken,path=OHLC", "kraken BTC/USD 1h 1000", "the rows were refused"),
    ],
)
def test_an_exchange_that_says_nothing_proves_nothing(tmp_path, capsys, fault, name, said):
    """All is not fetched, and the run says so; nothing is known of what an exchange of newest bars no longer offers."""
    with simulator(faults=(fault,)) as running:
        settings = fleet(tmp_path, running, name)
        assert once(settings) == 1
    assert causes(settings, Series(*name.split()[:3])) == {Cause.NOT_FETCHED}
    assert said in capsys.readouterr().err


def test_quiet_stretches_longer_than_a_page(tmp_path):
    """Two of them, in which nobody traded: what is older was fetched, and both are proven by the bars around them."""
    with simulator(faults=(quiet(100, 800), quiet(900, 1600))) as running:
        settings = fleet(tmp_path, running, COINBASE)
        assert once(settings) == 0
        assert once(settings) == 0
    first = NEWEST_MINUTE - 1999 * 60
    assert causes(settings, MINUTES) == {Cause.NO_TRADES}
    assert min(candle.timestamp for candle in stored(settings, MINUTES)) < first + 100 * 60
    assert not unexplained(settings, MINUTES, first, NEWEST_MINUTE)


def test_a_quiet_stretch_at_the_old_end(tmp_path):
    """Its neighbour is older than what is wanted: it is looked for there, and not stored."""
    with simulator(faults=(quiet(1500, 2600),)) as running:
        settings = fleet(tmp_path, running, COINBASE)
        assert once(settings) == 0
    assert causes(settings, MINUTES) == {Cause.NO_TRADES}
    assert not unexplained(settings, MINUTES, NEWEST_MINUTE - 1999 * 60, NEWEST_MINUTE)


def test_so_many_candles_are_kept_as_were_wanted(tmp_path):
    """Bars in which nobody traded are none: history reaches back by as many more."""
    with simulator(faults=(quiet(50, 60), quiet(70, 78))) as running:
        settings = fleet(tmp_path, running, "coinbase BTC/USD 1m 200")
        assert once(settings) == 0
        assert len(stored(settings, MINUTES)) >= 198
        running.traffic["coinbase"].clear()
        assert once(settings) == 0
        assert not [call for call in running.traffic["coinbase"].report()["calls"] if call["timeframe"]]


@pytest.mark.parametrize("fault", ["newest_part", "oldest_part"])
@pytest.mark.parametrize("most", [400, 137])
def test_pages_shorter_than_asked(tmp_path, truth, fault, most):
    """The rest is asked for until it has come; the size is learnt, so that it costs few requests."""
    with simulator(faults=(f"{fault}:binance,amount={most}",)) as running:
        settings = fleet(tmp_path, running, BINANCE)
        assert once(settings) == 0
        asked = sum(call["requests"] for call in running.traffic["binance"].report()["calls"] if call["timeframe"])
    assert stored(settings) == truth
    assert asked <= 2 * DEPTH / most + 6


@pytest.mark.parametrize("fault", [None, "newest_part:binance", "oldest_part:binance"])
def test_a_long_absence_leaves_no_hole(tmp_path, fault):
    """Whatever `last` says, everything since the newest stored bar is fetched."""
    with simulator(faults=(fault,) if fault else ()) as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 1000")
        assert once(settings) == 0
        running.clock.jump((NOW + 1500 * HOUR) * 1000)
        assert once(settings) == 0
    found = stored(settings)
    assert len(found) == 2500
    assert found[-1].timestamp - found[0].timestamp == 2499 * HOUR


def test_a_hole_between_stored_bars_is_filled_however_old(tmp_path, truth):
    """Exits walk it: `last` limits how far history reaches back, not what is between stored bars."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 10")
        with connect(settings.database) as db:
            storing.store(db, HOURLY, truth[:100], Source.IMPORT, 1)
        assert once(settings) == 0
    assert stored(settings) == truth


def test_nobody_traded_in_the_newest_bars(tmp_path):
    """They stay not fetched, however often it is looked, and that is no failure; once somebody trades, it is proven."""
    with simulator(faults=(quiet(0, 1),)) as running:
        settings = fleet(tmp_path, running, COINBASE)
        for _ in range(2):
            assert once(settings) == 0
            assert holes(settings, MINUTES)[-1] == (NEWEST_MINUTE - 60, NEWEST_MINUTE, Cause.NOT_FETCHED)
        running.clock.jump((NOW + HOUR) * 1000)
        assert once(settings) == 0
    assert causes(settings, MINUTES) == {Cause.NO_TRADES}


def test_a_hole_that_nobody_explains_fails_the_run(tmp_path, capsys):
    """A bar of which only broken rows come: the run names the series."""
    bar = LAST - 300 * HOUR
    with simulator(faults=(f"wrong:binance,first={bar},last={bar}",)) as running:
        settings = fleet(tmp_path, running, BINANCE)
        assert once(settings) == 1
    assert holes(settings) == [(bar, bar, Cause.REJECTED)]
    assert "binance BTC/USDT 1h: 1 bars are missing" in capsys.readouterr().err


def test_the_first_candle_is_asked_for_twice(tmp_path):
    """One answer without the oldest days does not move the listing: what the second one shows counts."""
    listed = 1_483_228_800
    hidden = f"missing:binance,timeframe=1d,first={listed},last={listed + 99 * 86_400},count=1"
    with simulator(start=listed + 150 * 86_400 + 100, faults=(hidden,)) as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 4h 2000")
        assert once(settings) == 0
    series = Series("binance", "BTC/USDT", "4h")
    assert stored(settings, series)[0].timestamp == listed
    assert [(gap.last_timestamp, gap.cause) for gap in holes(settings, series)] == [
        (listed - 4 * HOUR, Cause.BEFORE_LISTING)
    ]


def test_weeks_that_open_on_thursday_are_made_from_days(tmp_path):
    """Kraken draws them so: ours open on Mondays."""
    weeks = Series("kraken", "BTC/USD", "1w")
    with simulator() as running:
        settings = fleet(tmp_path, running, "kraken BTC/USD 1w 30")
        assert once(settings) == 0
    found = stored(settings, weeks)
    assert len(found) == 30
    assert all((candle.timestamp - 345_600) % 604_800 == 0 for candle in found)


def test_a_market_that_is_back_is_asked_about_the_time_it_was_gone(tmp_path):
    """Bars that were marked as delisted were traded after all, or were not."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 10")
        assert once(settings) == 0
        running.clock.jump((NOW + 50 * HOUR) * 1000)
        with connect(settings.database) as db:
            gaps.mark(db, HOURLY, LAST + HOUR, LAST + 40 * HOUR, Cause.DELISTED)
        assert once(settings) == 0
    assert len(stored(settings)) == 60


def test_what_is_made_is_made_again_when_its_source_is_mended(tmp_path):
    """A bar that could not be made because a finer one was broken."""
    longer, finer = Series("coinbase", "BTC/USD", "4h"), Series("coinbase", "BTC/USD", "2h")
    bar = NOW // 14_400 * 14_400 - 10 * 14_400
    with simulator() as running:
        broken = running.faults.add(parse(f"wrong:coinbase,timeframe=2h,first={bar},last={bar}"))
        settings = fleet(tmp_path, running, "coinbase BTC/USD 4h 50")
        assert once(settings) == 1
        assert holes(settings, longer) == [(bar, bar, Cause.REJECTED)]
        running.faults.clear(broken.number)
        assert once(settings) == 0
    assert not holes(settings, longer) + holes(settings, finer)
    assert len(stored(settings, longer)) == 50


def test_what_was_written_down_before_the_first_request(tmp_path):
    """An exchange that refuses everything: every bar that is missing is in a range all the same."""
    with simulator(faults=("blocked:binance,path=klines",)) as running:
        settings = fleet(tmp_path, running, BINANCE)
        with connect(settings.database) as db:
            storing.store(db, HOURLY, [bar(100, start=FIRST)], 1, 1)
        assert once(settings) == 1
    assert not unexplained(settings, HOURLY, FIRST, LAST)


def test_a_second_look_is_needed_for_every_cause(tmp_path):
    """Bars that one answer leaves out stay unexplained unless the next one leaves them out too."""
    bar = LAST - 100 * HOUR
    with simulator(faults=(f"missing:binance,first={bar},last={bar},count=1",)) as running:
        settings = fleet(tmp_path, running, BINANCE)
        assert once(settings) == 0
    with connect_readonly(settings.database) as db:
        assert not gaps.gaps(db, HOURLY)
