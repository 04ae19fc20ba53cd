"""Turns of a trader over a real file: what is decided, recorded, refused and taken over."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import pytest

from db.database import Database
from db.fleet import leases
from db.fleet.leases import Kind
from db.market_data import candles, gaps, markets
from db.sqlite.connection import connect
from db.trading import positions, recording, strategies
from db.trading.recording import Clocks
from db.trading.totals import KnownSums
from domain.candles import Series
from domain.errors import ConfigError
from domain.gaps import Cause
from domain.money import decimal
from domain.turns import Outcome
from runtime import clock
from tests.backfilling import until
from tests.kit.rows import rows
from tests.kit.series import HOURLY, at
from tests.trading import MARKET, actions, assigned, beat, feed, high, opened, ring, run_out, take
from trader.deciding import SeriesAdvance, decide_slice
from trader.turn import take_due, take_turn, turn_of

D = Decimal


@pytest.fixture
def room(tmp_path):
    """Settings, database and a trader with one strategy on three candles below 100."""
    settings, db = opened(tmp_path, high())
    feed(db, 99, 98, 97)
    yield settings, db, assigned(settings, db)
    db.close()


def test_a_round_trip_worked_by_hand(room):
    """Bought at 110 and sold at 90 with 5 bps against us, 0.1 % fee, the buy's in BTC.

    Buy: 110 × 1.0005 = 110.055, up to the tick 110.06. Stake 1,000: 1000 / (110.06 × 1.001) = 9.0768… → 9.076 BTC.
    Cash: 1000 − 9.076 × 110.06 = 1000 − 998.90456 = 1.09544. Fee 0.009076 BTC, held 9.066924.
    Sell: 90 × 0.9995 = 89.955, down to 89.95; 9.066 BTC (a multiple of 0.001) for 815.4867; fee 0.8154867.
    Released cost: 998.90456 × 9.066 / 9.066924 = 998.80276258…; pnl 815.4867 − 0.8154867 − 998.80276258.
    """
    _, db, one = room
    ring(one, 2)
    feed(db, 110, 90, first=3)
    ring(one, 3)
    take(one, SeriesAdvance(series=HOURLY, now_ms=1000 * (at(5) + 1), stored_ms=1))
    buy, sell = rows(db, "select side, price, qty, fee, fee_currency, fee_quote, pnl from trades order by trade_id")
    released = (D("998.90456") * D("9.066") / D("9.066924")).quantize(D("1e-8"))
    pnl = D("815.4867") - D("0.8154867") - released
    assert buy == ("buy", 110.06, 9.076, 0.009076, "BTC", 0.99890456, None)
    assert sell == ("sell", 89.95, 9.066, 0.8154867, "USDT", 0.8154867, float(pnl))
    position = positions.load(db, ["one"])["one"].position
    assert position.ledger.cash == D("1.09544") + D("815.4867") - D("0.8154867")
    assert position.ledger.qty == D("0.000924")
    assert position.ledger.cash + position.ledger.cost == 1000 + position.ledger.realised_pnl


def test_nothing_is_due(room):
    """No series has advanced: nothing is left to decide."""
    assert take_due(room[2], []) == ([], True)


def test_each_candle_is_decided_once(room):
    """However often the turn comes."""
    _, db, one = room
    assert [ring(one, 2), ring(one, 2)] == [1, 0]
    assert actions(db) == ["hold"]


def test_the_first_sight_decides_the_newest_only(room):
    """History is no downtime."""
    _, db, one = room
    ring(one, 2)
    assert rows(db, "select timestamp from decisions") == [(at(2),)]


def test_missed_bars_are_walked_in_order(room):
    """Entries come too late, exits fill at the newest close, flagged late."""
    _, db, one = room
    feed(db, 101, first=3)
    ring(one, 3)
    feed(db, 102, 95, 96, 103, 104, first=4)
    ring(one, 8)
    assert actions(db) == ["enter", "hold", "exit", "blocked", "blocked", "blocked"]
    sell = rows(db, "select price, timestamp, late from trades where side = 'sell'")
    assert sell == [(103.94, at(8), 1)]


def test_an_entry_that_comes_late_is_stale(room):
    """300 seconds after the close of an hourly bar."""
    _, db, one = room
    feed(db, 101, first=3)
    ring(one, 3, late=301)
    assert actions(db) == ["stale"]
    assert "limit 300 s" in rows(db, "select reason from decisions")[0][0]


@pytest.mark.parametrize(
    ("close", "late", "halted", "refused"),
    [
        (101, 1, False, False),
        (101, 1, True, True),
        (101, 301, False, True),
        (99, 1, True, False),
        (99, 301, False, False),
    ],
)
def test_only_an_entry_that_is_wished_and_not_made_is_refused(room, close, late, halted, refused):
    """The log tells of it: because it came too late, or nobody may enter; a bar without a wish is none."""
    settings, db, one = room
    if halted:
        settings.database.with_name("trading.db.halt").touch()
    feed(db, close, first=3)
    (turn,) = take_turn(one, SeriesAdvance(series=HOURLY, now_ms=1000 * (at(4) + late)))
    assert [step.refused for step in turn.steps] == [refused]


def test_an_exit_is_never_stale(room):
    """Whatever the delay."""
    _, db, one = room
    feed(db, 101, first=3)
    ring(one, 3)
    feed(db, 95, first=4)
    ring(one, 4, late=3000)
    assert actions(db) == ["enter", "exit"]


def test_a_hole_blocks_entries_and_is_named(room):
    """Not exits."""
    _, db, one = room
    ring(one, 2)
    feed(db, 101, first=5)
    gaps.mark(db, HOURLY, at(3), at(4), Cause.OUTAGE)
    ring(one, 5)
    reasons = [row[0] for row in rows(db, "select reason from decisions order by timestamp")]
    assert actions(db)[1] == "blocked"
    assert "outage from" in reasons[1]


def test_a_proven_empty_bar_is_decided_flat(room):
    """Nobody traded: no entry on it, but it counts."""
    _, db, one = room
    feed(db, 101, first=3)
    ring(one, 3)
    feed(db, 102, first=5)
    gaps.mark(db, HOURLY, at(4), at(4), Cause.NO_TRADES)
    assert ring(one, 5) == 2
    assert actions(db) == ["enter", "hold", "hold"]


def test_no_entry_on_a_bar_without_volume(room):
    """Printed or made."""
    _, db, one = room
    feed(db, 101, first=3, volume=0.0)
    ring(one, 3)
    assert actions(db) == ["blocked"]


def test_warming_up_says_how_far(tmp_path):
    """Two of twenty."""
    settings, db = opened(tmp_path, high().replace("warmup: 2", "warmup: 20"))
    with db:
        feed(db, 99, 101)
        ring(assigned(settings, db), 1)
        assert rows(db, "select action, reason from decisions") == [("blocked", "warming up, 2 of 20")]


def test_the_kill_switch_lets_exits_through(room):
    """The file beside the database stops entries, whoever holds the lock."""
    settings, db, one = room
    halt = settings.database.with_name("trading.db.halt")
    halt.touch()
    feed(db, 101, first=3)
    ring(one, 3)
    halt.unlink()
    feed(db, 102, first=4)
    ring(one, 4)
    halt.touch()
    feed(db, 90, first=5)
    ring(one, 5)
    assert actions(db) == ["blocked", "enter", "exit"]
    assert "kill switch" in rows(db, "select reason from decisions order by timestamp")[0][0]


def test_a_halted_market_refuses_entries_and_not_exits(room):
    """It is not gone: what is held stays, and is sold by its own rule."""
    _, db, one = room
    feed(db, 101, first=3)
    ring(one, 3)
    markets.save(db, [replace(MARKET, active=False)], 2)
    for number, close in ((4, 99), (5, 101)):
        feed(db, close, first=number)
        ring(one, number)
    assert actions(db) == ["enter", "exit", "blocked"]
    ((reason,),) = rows(db, "select reason from decisions order by timestamp desc limit 1")
    assert reason.startswith("the exchange has halted BTC/USDT: close > 100")


def test_indicators_and_latency_are_recorded(room):
    """JSON of what was seen; when the candle came and when it was decided."""
    _, db, one = room
    ring(one, 2)
    ((seen, stored_ms, decided_ms),) = rows(db, "select indicators, stored_ms, decided_ms from decisions")
    assert (json.loads(seen), stored_ms) == ({"close": 97.0}, 1)
    assert decided_ms == 1000 * (at(3) + 1)


@pytest.mark.parametrize("order", [1, -1])
def test_each_is_decided_by_the_clock_of_its_exchange(tmp_path, order):
    """Two whose clocks differ, in one part: on the decision, the order and the fill."""
    kraken, seconds = Series("kraken", "BTC/USDT", "1h"), {"binance": 1, "kraken": 61}
    two = high("two").replace("binance", "kraken")
    settings, db = opened(tmp_path, high(), two)
    with db:
        markets.save(db, [replace(MARKET, exchange="kraken")], 1)
        for series in (HOURLY, kraken):
            feed(db, 99, 98, 101, series=series)
        closed = at(3)
        advances = [
            SeriesAdvance(series=each, now_ms=1000 * (closed + seconds[each.exchange])) for each in (HOURLY, kraken)
        ]
        made = assigned(settings, db)
        while not take_due(made, advances[::order]).whole:
            pass
        told = [("one", 1000 * (closed + 1)), ("two", 1000 * (closed + 61))]
        for column in ("decided_ms from decisions", "created_ms from orders", "filled_ms from trades"):
            assert rows(db, f"select strategy_id, {column} order by strategy_id") == told


def test_equity_is_written_when_it_changes(room):
    """Flat bars add nothing."""
    _, db, one = room
    ring(one, 2)
    feed(db, 96, 95, 101, 102, first=3)
    for number in (3, 4, 5, 6):
        take(
            one,
            SeriesAdvance(series=HOURLY, now_ms=1000 * at(number + 1), stored_ms=1, upto=at(number)),
        )
    assert [row[0] for row in rows(db, "select timestamp from equity")] == [at(n) for n in (2, 5, 6)]


def test_two_desks_never_both_act(room):
    """The lease is claimed exclusively; what the loser still writes is refused."""
    settings, db, one = room
    with connect(settings.database, any_filesystem=True) as other_db:
        other = assigned(settings, other_db, "second")
        assert other.active == {}
        feed(db, 101, first=3)
        assert (ring(other, 3), ring(one, 3)) == (0, 1)
        leases.release(db, "first")
        assert other.claim() == {"one"}
        feed(db, 90, first=4)
        assert (ring(one, 4), ring(other, 4)) == (0, 1)
        assert one.active == {}
    assert rows(db, "select epoch from decisions order by timestamp") == [(1,), (2,)]


def test_a_duty_of_a_strategys_name_is_no_right_to_it(room):
    """Whoever has it: the lease counts."""
    _, db, one = room
    beat(db, "second")
    assert leases.claim(db, Kind.DUTY, ["one"], "second", clock.now_ms(), 600_000)
    assert ring(one, 2) == 1
    assert rows(db, "select epoch from decisions") == [(1,)]


def test_an_expired_lease_is_lost(room):
    """A trader that slept too long writes nothing more."""
    _, db, one = room
    run_out(db)
    assert ring(one, 2) == 0
    assert actions(db) == []


def test_a_repeated_commit_is_a_no_op(room):
    """A commit that nobody heard of: the second attempt finds it done."""
    _, db, one = room
    before = one.active["one"]
    assert ring(one, 2) == 1
    one.active["one"] = before
    assert ring(one, 2) == 0
    assert len(actions(db)) == 1


def test_a_failing_strategy_is_isolated_and_disabled(tmp_path, capsys):
    """The other one goes on; after five failures in a row nobody asks it again."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "broken.py").write_text(BROKEN)
    settings, db = opened(tmp_path, high(), BROKEN_FILE, more=f"plugins: [{tmp_path / 'mine'}]\n")
    with db:
        feed(db, *[99] * 10)
        made = assigned(settings, db)
        for number in range(3, 10):
            take(
                made,
                SeriesAdvance(series=HOURLY, now_ms=1000 * at(number + 1), upto=at(number)),
            )
        state = rows(db, "select state, failures, state_reason from strategies where strategy_id = 'broken'")
        assert actions(db, "broken") == ["failed"] * 5
        assert state[0][0] == "disabled"
        assert "ZeroDivisionError" in state[0][2]
        assert len(actions(db)) == 7
    assert "strategy_failed" in capsys.readouterr().out


BROKEN_FILE = """\
strategy_id: broken
exchange: binance
symbol: BTC/USDT
timeframe: 1h
strategy: broken
capital: 1000
"""
BROKEN = '''
"""A kind that raises."""
from domain.kinds import Kind


class Broken:
    warmup = 2

    def signal(self, indicators):
        return 1 / 0


KIND = Kind(name="broken", doc="raises", params={}, build=lambda params: Broken(), warmup=lambda params: 2)
'''


@pytest.mark.parametrize("value", ["float('nan')", "{1}"])
def test_values_that_cannot_be_stored_fail_alone(tmp_path, value):
    """The strategies that share the transaction are recorded."""
    (tmp_path / "mine").mkdir()
    source = BROKEN.replace("1 / 0", f'Signal(reason="none", indicators={{"x": {value}}})')
    (tmp_path / "mine" / "broken.py").write_text(f"from domain.strategy import Signal\n{source}")
    settings, db = opened(tmp_path, high(), BROKEN_FILE, more=f"plugins: [{tmp_path / 'mine'}]\n")
    with db:
        feed(db, 99, 98, 101)
        assert ring(assigned(settings, db), 2) == 1
        assert (actions(db), actions(db, "broken")) == (["enter"], ["failed"])


@pytest.mark.parametrize("missed", [False, True])
def test_words_that_cannot_be_stored_fail_on_their_own_bar(tmp_path, missed):
    """Also where what did nothing leaves no row, and whether or not another bar follows in the same turn."""
    (tmp_path / "mine").mkdir()
    source = BROKEN.replace("1 / 0", """Signal(reason="\\ud800" if indicators.column("close")[-1] == 98 else "fine")""")
    (tmp_path / "mine" / "broken.py").write_text(f"from domain.strategy import Signal\n{source}")
    brief = f"plugins: [{tmp_path / 'mine'}]\nretention: {{ decisions: 0 }}\n"
    settings, db = opened(tmp_path, BROKEN_FILE, more=brief)
    with db:
        feed(db, 99, 99, 99)
        made = assigned(settings, db)
        ring(made, 2)
        feed(db, 98, 97, first=3)
        for upto in (4,) if missed else (3, 4):
            ring(made, upto, upto=upto)
        assert rows(db, "select timestamp, action from decisions") == [(at(3), "failed")]


def test_nothing_is_remembered_of_strategies_that_were_given_back(room):
    """Who stands back may act for others afterwards."""
    _, _, one = room
    ring(one, 2)
    assert vars(one.sums) != vars(KnownSums())
    one.release()
    assert vars(one.sums) == vars(KnownSums())


def test_one_bad_turn_does_not_undo_the_others(room):
    """Savepoints: a turn without rights, beside one with them."""
    _, db, one = room
    (walk,) = decide_slice(one, [SeriesAdvance(series=HOURLY, now_ms=1000 * at(3))]).strategy_turns
    good = turn_of(one, one.active["one"], tuple(walk.steps))
    bad = type(good)(strategy_id="one", run_id=good.run_id, holder="nobody", epoch=9, steps=good.steps)
    assert recording.record(db, [bad], Clocks(clock.now_ms)) == {"one": Outcome.LEASE_LOST}
    assert recording.record(db, [good], Clocks(clock.now_ms)) == {"one": Outcome.RECORDED}
    assert recording.record(db, [good], Clocks(clock.now_ms)) == {"one": Outcome.ALREADY}


def test_a_lease_that_runs_out_while_the_lock_is_waited_for_gives_no_right(room):
    """Somebody writes for so long: the turn is refused, though the lease held when it was sent."""
    _, db, one = room
    (walk,) = decide_slice(one, [SeriesAdvance(series=HOURLY, now_ms=1000 * at(3))]).strategy_turns
    turn = turn_of(one, one.active["one"], tuple(walk.steps))
    ends = clock.now_ms() + 1000
    run_out(db, ends_ms=ends)
    with somebody_writing(db, lambda: clock.now_ms() > ends):
        assert recording.record(db, [turn], Clocks(clock.now_ms)) == {"one": Outcome.LEASE_LOST}


def test_an_entry_that_comes_too_late_while_the_lock_is_waited_for_is_refused(room):
    """It was in time when it was decided: nothing is recorded, and the next look refuses it as stale."""
    _, db, one = room
    feed(db, 101, first=3)
    closed, began = 1000 * at(4), clock.steady_ms()

    def elapsed() -> int:
        return (clock.steady_ms() - began) * 1000

    with somebody_writing(db, lambda: elapsed() > 300_000):
        assert take_due(one, [SeriesAdvance(series=HOURLY, now_ms=closed)], elapsed) == ([], False)
    assert take_due(one, [SeriesAdvance(series=HOURLY, now_ms=closed + elapsed())], elapsed).whole
    assert (actions(db), rows(db, "select count(*) from trades")) == (["stale"], [(0,)])


@contextmanager
def somebody_writing(db: Database, done: Callable[[], bool]) -> Iterator[None]:
    """Another process has the write lock until something is so."""
    held = threading.Event()

    def write() -> None:
        with connect(db.path, any_filesystem=True) as other, other.write():
            held.set()
            until(done)

    writer = threading.Thread(target=write)
    writer.start()
    assert held.wait(100)
    yield
    writer.join(100)


def test_a_changed_configuration_opens_a_run(room, tmp_path):
    """Another rule, more capital: a new run, a deposit, and no candle is decided again."""
    _, db, one = room
    ring(one, 2)
    one.release()
    settings, other = opened(tmp_path, high().replace("capital: 1000", "capital: 1500"))
    with other:
        made = assigned(settings, other, "second")
        assert ring(made, 2) == 0
        feed(other, 101, first=3)
        assert ring(made, 3) == 1
    assert rows(db, "select run_id, capital from runs order by 1") == [("one.1", 1000), ("one.2", 1500)]
    cash, cost = rows(db, "select cash, cost from positions")[0]
    assert decimal(cash) + decimal(cost) == 1500


def test_an_id_keeps_its_identity(room, tmp_path):
    """Another symbol under an id that has decided is refused, with the way out."""
    feed(room[1], 99, 98)
    ring(room[2], 1)
    settings, other = opened(tmp_path, high().replace("BTC/USDT", "ETH/USDT"))
    with other, pytest.raises(ConfigError, match="fleet rename one one-old"):
        assigned(settings, other, "second")


def test_renaming_takes_everything_along(room):
    """Decisions, trades, leases, runs."""
    _, db, one = room
    feed(db, 101, first=3)
    ring(one, 3)
    one.release()
    strategies.rename(db, "one", "old", 1 << 50)
    tables = ("decisions", "trades", "orders", "positions", "equity", "runs", "leases", "strategy_totals", "run_totals")
    found = {table: rows(db, f"select distinct strategy_id from {table}") for table in tables}
    assert found == {table: [("old",)] for table in tables}
    assert rows(db, "pragma foreign_key_check") == []


def test_a_strategy_that_is_no_longer_configured_is_not_enabled(room, tmp_path):
    """Its history stays."""
    settings, other = opened(tmp_path, high("two"))
    with other:
        (tmp_path / "config" / "strategies" / "0.yaml").write_text(high("two"))
        assigned(settings, other, "second")
    _, db, _ = room
    assert rows(db, "select strategy_id, enabled from strategies order by 1") == [("one", 0), ("two", 1)]


def test_a_new_strategy_does_not_wait_for_the_next_bar(room, tmp_path):
    """It decides the newest one, which the others have decided already."""
    _, db, one = room
    ring(one, 2)
    one.release()
    settings, other = opened(tmp_path, high(), high("two"))
    with other:
        assert ring(assigned(settings, other, "second"), 2) == 1
    assert actions(db, "two") == ["hold"]


def test_more_than_fifty_strategies_share_a_series(tmp_path):
    """In transactions of fifty."""
    settings, db = opened(tmp_path, *[high(f"s{number}") for number in range(120)])
    with db:
        feed(db, 99, 98, 101)
        assert ring(assigned(settings, db), 2) == 120
        assert rows(db, "select count(*) from trades") == [(120,)]


def test_a_candle_is_looked_at_once_for_all(tmp_path, monkeypatch):
    """The window is read once however many strategies look at it."""
    settings, db = opened(tmp_path, *[high(f"s{number}") for number in range(10)])
    with db:
        feed(db, 99, 98, 101)
        made, reads = assigned(settings, db), []
        real = candles.newest
        monkeypatch.setattr(candles, "newest", lambda *args: (reads.append(args), real(*args))[1])
        ring(made, 2)
    assert len(reads) == 3  # the newest candle for whom it is due and for where to end, then the window
