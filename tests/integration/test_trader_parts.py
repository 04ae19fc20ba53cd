"""Many missed bars: walked in parts that are recorded, whatever their number, with the same outcome as at one go."""

from contextlib import closing
from dataclasses import replace

import pytest

from db.fleet import controls
from db.fleet.controls import Level
from db.market_data import candles, gaps, markets, storing
from db.sqlite.connection import connect
from domain.candles import Series, Source
from domain.gaps import Cause
from runtime import clock
from runtime.clock import Clock
from runtime.reload import Configuration
from strategies import kinds
from tests.kit.candles import bar
from tests.kit.rows import change, rows
from tests.kit.series import ETHER, HOURLY, at
from tests.trading import MARKET, actions, assigned, feed, high, opened, ring, take
from trader import deciding, time_slice, turn, undecided
from trader.configuration_sync import ConfigurationSync
from trader.deciding import SeriesAdvance
from trader.exchange_time import ExchangeTime
from trader.turn import take_due
from trader.worker import TraderWorker

ZIGZAG = [101, 103, 95, 96, 104, 102, 99, 98, 105, 106, 97, 101]
LEDGER = (
    "select strategy_id, timestamp, action, reason, late from decisions order by 1, 2",
    "select strategy_id, side, price, qty, pnl, timestamp, late from trades order by 1, trade_id",
    "select strategy_id, timestamp, equity from equity order by 1, 2",
    "select strategy_id, qty, cost, cash, realised_pnl, high_water from positions order by 1",
)


@pytest.fixture
def away(tmp_path):
    """A trader with two strategies that entered, and then missed as many bars as the zigzag has."""
    settings, db = opened(tmp_path, high(), high("two", "exits: { stop: 0.02, check: intrabar }"))
    feed(db, 99, 98, 101)
    made = assigned(settings, db)
    ring(made, 2)
    feed(db, *ZIGZAG, first=3)
    yield made
    db.close()


def ledger(made):
    """All that was written."""
    return [rows(made.db, sql) for sql in LEDGER]


def advanced(number):
    """In time for the bar of this number."""
    return SeriesAdvance(series=HOURLY, now_ms=1000 * at(number + 1) + 1000, stored_ms=1)


@pytest.mark.parametrize("restarted", [False, True])
def test_parts_come_to_the_same(away, monkeypatch, tmp_path, restarted):
    """As one walk: exits in order, nothing bought where a missed exit was filled later, equity unknown until then."""
    with monkeypatch.context() as small:
        small.setattr(time_slice, "STEPS", 1)
        parts = 0
        while not take_due(away, [advanced(14)]).whole:
            parts += 1
            if restarted:
                away.adopt(away.settings, away.wanted, away.built, {})
    (tmp_path / "other").mkdir()
    settings, db = opened(tmp_path / "other", high(), high("two", "exits: { stop: 0.02, check: intrabar }"))
    with db:
        change(db, "update meta set value = ? where key = 'fleet_id'", (away.fleet_id,))
        feed(db, 99, 98, 101)
        other = assigned(settings, db)
        ring(other, 2)
        feed(db, *ZIGZAG, first=3)
        take(other, advanced(14))
        assert ledger(away) == ledger(other)
    assert parts == 2 * len(ZIGZAG)
    assert rows(away.db, "select count(*) from trades where late = 1")[0][0] >= 2


def test_a_part_takes_no_longer_than_a_third_of_the_lease(away, monkeypatch):
    """By a clock that moves on by 40 ms at every look, under a lease of 600 ms: two decisions of three looks."""
    now = iter(range(0, 10**6, 40))
    monkeypatch.setattr(clock, "steady_ms", lambda: next(now))
    away.beats.length_ms = 600
    turns, whole = take_due(away, [advanced(14)])
    assert (sum(len(turn.steps) for turn in turns), whole) == (2, False)


def test_a_part_that_ends_between_two_series_is_not_the_whole(tmp_path, monkeypatch):
    """By a clock that moves on by 50 ms at every look: the time is up once the first series is done."""
    made, advances = two_series(tmp_path)
    with monkeypatch.context() as slow:
        now = iter(range(0, 10**6, 50))
        slow.setattr(clock, "steady_ms", lambda: next(now))
        made.beats.length_ms = 600
        turns, whole = take_due(made, advances)
    assert ([turn.strategy_id for turn in turns], whole) == (["one"], False)
    assert [turn.strategy_id for turn in take_due(made, advances).turns] == ["two"]
    made.db.close()


def test_a_part_that_ends_with_its_last_series_is_the_whole(tmp_path, monkeypatch):
    """By the same clock: nothing is left, so the process may pause."""
    made, advances = two_series(tmp_path)
    with monkeypatch.context() as slow:
        now = iter(range(0, 10**6, 50))
        slow.setattr(clock, "steady_ms", lambda: next(now))
        made.beats.length_ms = 600
        assert take_due(made, advances[:1]).whole
    made.db.close()


def test_more_are_asked_apart_than_one_child_is_asked(tmp_path, monkeypatch):
    """Those that were not asked yet are still due."""
    monkeypatch.setattr(deciding, "APART", 1)
    made, advances = two_series(tmp_path)
    made.leasing.orphans = {"one", "two"}
    decided = []
    while not (progress := take_due(made, advances)).whole:
        decided += [turn.strategy_id for turn in progress.turns]
    assert sorted(decided + [turn.strategy_id for turn in progress.turns]) == ["one", "two"]
    made.db.close()


def test_more_missed_bars_than_one_child_is_asked_about(tmp_path, monkeypatch):
    """The rest is still due: else the trader would pause, and what was missed wait for the candle after next."""
    monkeypatch.setattr(deciding, "APART", 2)
    made, (first, _) = two_series(tmp_path)
    take_due(made, [first])
    feed(made.db, *[99] * 5, first=3)
    made.leasing.orphans = {"one"}
    decided, advance = [], replace(first, upto=at(7))
    while not (progress := take_due(made, [advance])).whole:
        decided += [step.bar.timestamp for turn in progress.turns for step in turn.steps]
    decided += [step.bar.timestamp for turn in progress.turns for step in turn.steps]
    assert decided == [at(number) for number in range(3, 8)]
    made.db.close()


def test_who_is_asked_apart_and_answers_quickly_is_not_slow(tmp_path):
    """However long the process has been running."""
    made, (first, _) = two_series(tmp_path)
    with made.db as db:
        take_due(made, [first])
        feed(db, *[99] * 4, first=3)
        made.leasing.orphans = {"one"}
        while not take_due(made, [replace(first, upto=at(6))]).whole:
            pass
        assert len(actions(db)) == 5
        assert not made.timings.slow("one")


def test_the_slow_wait_while_the_quick_have_something_to_decide(tmp_path, monkeypatch):
    """Asked for ten seconds, they are not asked again until the others had as much, or are done: who catches up after a
    downtime would take turns with them instead.
    """
    made, advances = two_series(tmp_path)
    with made.db as db:
        take_due(made, advances)
        for advance in advances:
            feed(db, *[99] * 4, first=3, series=advance.series)
        monkeypatch.setattr(time_slice, "STEPS", 1)
        made.leasing.orphans = {"two"}
        made.timings.asked(["two"], 10_000)
        advances = [replace(advance, upto=at(6)) for advance in advances]
        asked = []
        while not (progress := take_due(made, advances)).whole:
            asked += [turn.strategy_id for turn in progress.turns]
        asked += [turn.strategy_id for turn in progress.turns]
        assert (asked[:3], set(asked[3:])) == (["one"] * 3, {"one", "two"})
        assert len(actions(db, "two")) == 5


def test_a_series_that_missed_fewer_bars_is_decided_before_one_that_missed_more(tmp_path, monkeypatch):
    """Bars missed count, not how new the newest is."""
    made, (bitcoin, ether) = two_series(tmp_path)
    with made.db as db:
        take_due(made, [bitcoin, ether])
        feed(db, 99, 99, first=3)
        take_due(made, [replace(bitcoin, upto=at(4))])
        feed(db, 99, 99, first=5)
        feed(db, *[99] * 5, first=3, series=ETHER)
        monkeypatch.setattr(time_slice, "STEPS", 1)
        progress = take_due(made, [replace(ether, upto=at(7)), replace(bitcoin, upto=at(6))])
        assert [(turn.strategy_id, turn.steps[0].bar.timestamp) for turn in progress.turns] == [("one", at(5))]


def two_series(folder):
    """A trader with a strategy on each of two series, and the advances of a first bar to decide on each."""
    other = ETHER
    settings, db = opened(folder, high(), high("two").replace("BTC/USDT", "ETH/USDT"))
    feed(db, 99, 98, 97)
    feed(db, 99, 98, 97, series=other)
    markets.save(db, [replace(MARKET, symbol="ETH/USDT", base="ETH")], 1)
    made = assigned(settings, db)
    return made, [SeriesAdvance(series=each, now_ms=1, upto=at(2)) for each in (HOURLY, other)]


def test_more_missed_bars_than_are_read_at_once(tmp_path):
    """All at once, not when the next new bar comes."""
    settings, db = opened(tmp_path, high())
    with db:
        feed(db, 99, 98, 97)
        made = assigned(settings, db)
        ring(made, 2)
        feed(db, *[99, 98] * 700, first=3)
        assert ring(made, 1402) == 1400
        assert rows(db, "select count(*), max(timestamp) from decisions") == [(1401, at(1402))]


def test_bars_without_trades_at_the_end_of_a_stretch_are_decided(tmp_path, monkeypatch):
    """They are known from the candle behind them, which the next stretch begins with."""
    monkeypatch.setattr(undecided, "STRETCH", 3)
    settings, db = opened(tmp_path, high())
    with db:
        feed(db, 99, 98, 97)
        made = assigned(settings, db)
        ring(made, 2)
        feed(db, 96, 95, first=3)
        feed(db, 94, first=12)
        gaps.mark(db, HOURLY, at(5), at(11), Cause.NO_TRADES)
        ring(made, 12)
        assert rows(db, "select count(*) from decisions") == [(11,)]


def test_who_missed_least_goes_first(tmp_path, monkeypatch):
    """A series with a new bar does not wait for one that was away."""
    made, advances = two_series(tmp_path)
    other = advances[1].series
    with made.db as db:
        take_due(made, advances)
        feed(db, *[99] * 50, first=3)
        feed(db, 99, first=3, series=other)
        monkeypatch.setattr(time_slice, "STEPS", 1)
        advances = [
            SeriesAdvance(series=HOURLY, now_ms=1, upto=at(52)),
            SeriesAdvance(series=other, now_ms=1, upto=at(3)),
        ]
        assert [turn.strategy_id for turn in take_due(made, advances).turns] == ["two"]


@pytest.fixture
def watch(away):
    """The process around the trader."""
    configuration = Configuration(lambda: (away.settings, kinds.load()))
    sync = ConfigurationSync(db=away.db, who=away.beats.who, configuration=configuration, now_ms=clock.now_ms)
    away.beats.pause_ms = 600_000
    return TraderWorker(assignments=away, time=ExchangeTime(Clock()), configuration=configuration, sync=sync)


def test_a_person_is_obeyed_between_two_parts(watch, monkeypatch):
    """And the process goes on at once, without a pause, until nothing is left."""
    monkeypatch.setattr(time_slice, "STEPS", 1)
    watch.turn()
    assert (watch.behind, watch.pause(), watch.assignments.barred) == (True, 0.0, {})
    with connect(watch.assignments.db.path, any_filesystem=True) as other:
        controls.put(other, ["one"], [Level.PAUSE], "a walk", 1)
    watch.turn()
    assert list(watch.assignments.barred) == ["one"]
    assert watch.behind
    for _ in range(2 * len(ZIGZAG)):
        watch.turn()
    assert not watch.behind
    assert len(actions(watch.assignments.db)) == 1 + len(ZIGZAG)


def test_a_series_is_decided_up_to_its_head(watch):
    """What is stored beyond is not explained yet."""
    change(watch.assignments.db, "update series_heads set last_timestamp = ?", (at(5),))
    watch.turn()
    assert rows(watch.assignments.db, "select max(timestamp) from decisions") == [(at(5),)]


def test_only_what_is_ours_and_has_advanced_is_due(away):
    """Not what others trade, nor what is decided."""
    feed(away.db, 99, 98, series=ETHER)
    assert list(candles.due(away.db, away.active.decided())) == [HOURLY]
    take(away, advanced(14))
    assert candles.due(away.db, away.active.decided()) == {}


def test_a_look_at_which_nothing_is_due_does_nothing(tmp_path):
    """Somebody has written something else."""
    settings, db = opened(tmp_path, high())
    with db:
        assert take_due(assigned(settings, db), []) == ([], True)


def test_entries_that_are_stale_soonest_come_first(tmp_path, monkeypatch):
    """Of series on which no bar was missed the shortest bars are decided and recorded first, whatever their names."""
    monkeypatch.setattr(turn, "BATCH", 1)
    minutes = Series("binance", "BTC/USDT", "1m")
    files = [high(name).replace("timeframe: 1h", f"timeframe: {each}") for name, each in (("a", "1h"), ("b", "1m"))]
    settings, db = opened(tmp_path, *files)
    with closing(db):
        feed(db, 99, 98, 101)
        found = [bar(number, close, length=60, start=at(2)) for number, close in enumerate((99, 98, 101))]
        storing.store(db, minutes, found, Source.EXCHANGE, 1)
        made = assigned(settings, db)
        advances = [replace(advanced(2), series=each) for each in (HOURLY, minutes)]
        decided = deciding.decide_slice(made, advances).strategy_turns
        assert [each.active.strategy_id for each in decided] == ["b", "a"]
        assert [each.strategy_id for each in take_due(made, advances).turns] == ["b", "a"]
