"""A replay goes in stretches, and decides what a trader does that is there at every close."""

from dataclasses import replace
from heapq import merge
from random import Random

import pytest

from db.fleet import controls
from db.market_data import candles, gaps, markets, storing
from domain.candles import Candle, Series, Source
from domain.gaps import Cause
from runtime import clock
from runtime.stop import Stop
from tests.golden.prices import START, drawn
from tests.golden.strategies import HEAD, ON_BITCOIN, ON_ETHER, OWN
from tests.kit.rows import change, column, rows, script, traced
from tests.kit.series import HOUR, HOURLY, at
from tests.replayed import waves
from tests.trading import MARKET, actions, assigned, high, opened
from trader import replay, replay_stretches, time_slice
from trader.deciding import SeriesAdvance
from trader.turn import take_due, take_turn

COUNT = 1_300
HOLED = 360  # bars of each series with holes
SERIES = [Series("binance", f"C{place}/USDT", length) for place, length in enumerate(("1h", "15m", "4h"))]
FILES = {**ON_BITCOIN, **ON_ETHER}
SAME = {
    "decisions": "strategy_id, timestamp, action, code, reason, indicators, run_id, epoch, decided_ms, stored_ms, late,"
    " held",
    "orders": "strategy_id, client_order_id, timestamp, price, qty, status, code, reason",
    "trades": "strategy_id, timestamp, side, price, qty, fee, pnl, pnl_percent, filled_ms, round_trip, late, cost",
    "equity": "strategy_id, timestamp, cash, qty, close, equity, profit",
    "positions": "*",
    "strategy_totals": "*",
    "run_totals": "*",
    "daily_totals": "*",
    "strategies": "strategy_id, state, failures, last_error",
}
STUBBORN = """\
from domain.kinds import Kind
from domain.strategy import Signal


class Own:
    def signal(self, indicators):
        if int(indicators.column("volume")[-1]) in {ODD}:
            raise ValueError("odd")
        return Signal(reason="even")


KIND = Kind(name="own", doc="own", params={}, build=lambda params: Own(), warmup=lambda params: 2)
"""
OWN_FILE = high("own").replace("rules", "own").replace("params: { entry: close > 100, exit: close < 100 }\n", "")


def everything(folder):
    """A trader of all golden strategies on three series of different lengths, with holes of every cause."""
    (folder / "mine").mkdir(parents=True)
    (folder / "mine" / "flaky.py").write_text(OWN)
    files = [
        HEAD.format(
            name=f"{name}-{place}", exchange="binance", symbol=series.symbol, timeframe=series.timeframe, rest=rest
        )
        for place, series in enumerate(SERIES)
        for number, (name, rest) in enumerate(FILES.items())
        if number % 5 == place or "flaky" in rest
    ]
    settings, db = opened(folder, *files, more=f"plugins: [{folder / 'mine'}]\n")
    for place, series in enumerate(SERIES):
        markets.save(db, [replace(MARKET, symbol=series.symbol)], 1)
        holed(db, series, place)
    change(db, "update meta set value = '0123456789abcdef' where key = 'fleet_id'")
    return assigned(settings, db)


def holed(db, series, seed):
    """Candles of a series, in which bars are missing for every cause."""
    found, random, gone = drawn(seed, HOLED, series.seconds, 20_000, 100), Random(seed), set()
    for cause in (*Cause, None):
        first, bars = START + random.randrange(50, HOLED - 45) * series.seconds, random.choice([1, 2, 9, 40])
        gone |= set(range(first, first + bars * series.seconds, series.seconds))
        if cause is not None:
            gaps.mark(db, series, first, first + (bars - 1) * series.seconds, cause)
    for gap in found.gaps:
        gaps.mark(db, series, gap.first, gap.last, Cause(gap.cause))
    kept = [Candle(*bar[:6]) for bar in found.bars if bar.timestamp not in gone]
    storing.store(db, series, kept, Source.EXCHANGE, 1)


def written(made):
    """Every row that was written, but for the numbers of transactions and trades."""
    return {name: sorted(map(repr, rows(made.db, f"select {columns} from {name}"))) for name, columns in SAME.items()}


def at_every_close(made, span):
    """What a trader does that is there at each close: a turn, whose clock shows that moment."""
    moments = [
        [(each + series.seconds, series, each) for each in candles.timestamps(made.db, series, *span)]
        for series in sorted(made.active.series)
    ]
    for closed, series, opened_at in merge(*moments):
        take_turn(made, SeriesAdvance(series=series, now_ms=1000 * closed, upto=opened_at))


def test_it_decides_what_is_decided_at_every_close(tmp_path, monkeypatch):
    """Every row is the same, however long the stretches are: with holes, failures, and a start in the middle."""
    span = (START + 40 * 3600, 2**40)
    with (live := everything(tmp_path / "live")).db:
        at_every_close(live, span)
        expected = written(live)
    for most in (150, 7):
        monkeypatch.setattr(replay_stretches, "STRETCH", most)
        with (made := everything(tmp_path / str(most))).db:
            replay.walk(made, span, Stop())
            found = written(made)
        assert {name: len(each) for name, each in found.items()} == {name: len(each) for name, each in expected.items()}
        assert found == expected
    codes = {repr(row.split(", ")[3]) for row in expected["decisions"]}
    assert len(codes) > 10


@pytest.fixture
def fast(monkeypatch):
    """A machine on which nothing takes any time."""
    monkeypatch.setattr(clock, "steady_ms", lambda: 0)


def hourly(folder, *files, count=COUNT, more=""):
    """A trader of these strategies on so many hours."""
    settings, db = opened(folder, *files, more=more)
    storing.store(db, HOURLY, waves(count), Source.IMPORT, 1)
    return assigned(settings, db)


def test_a_stretch_is_one_read_and_one_transaction(tmp_path, fast):
    """Of several strategies too: the first bar alone, then two stretches."""
    with (made := hourly(tmp_path, high(), high("two"), count=901)).db as db:
        said = []
        traced(db, said.append)
        replay.walk(made, (0, 2**40), Stop())
        traced(db, None)
        assert len(actions(db, "two")) == 901
        assert rows(db, "select count(distinct transaction_id) from decisions") == [(3,)]
        assert len([each for each in said if "from ohlcv_data" in each]) < 20


@pytest.mark.parametrize(("odd", "failed"), [("{600}", [600]), ("{3, 600, 601, 603, 1299}", [3, 600, 601, 603, 1299])])
def test_a_strategy_that_raises_fails_on_its_own_bar(tmp_path, odd, failed):
    """The bars before it are kept, those after it decided, and the other strategy goes on."""
    made = stubborn(tmp_path, odd)
    with made.db as db:
        replay.walk(made, (0, 2**40), Stop())
        assert failed_bars(db) == [at(number) for number in failed]
        assert len(actions(db, "own")) == len(actions(db)) == COUNT
        assert column(db, "select failures from strategies order by 1") == [0, int(failed[-1] == COUNT - 1)]


def test_who_fails_too_often_in_a_row_is_decided_no_further(tmp_path):
    """In the middle of a stretch; the count begins anew with every bar that is decided."""
    made = stubborn(tmp_path, "{100, 101, 102, 104, *range(650, 900)}")
    with made.db as db:
        assert replay.walk(made, (0, 2**40), Stop()).decisions == COUNT + 655
        assert failed_bars(db) == [at(number) for number in (100, 101, 102, 104, *range(650, 655))]
        assert len(actions(db, "own")) == 655
        assert column(db, "select state from strategies where strategy_id = 'own'") == ["disabled"]
        assert len(actions(db)) == COUNT


def failed_bars(db):
    """On which bars the strategy has failed."""
    return column(db, "select timestamp from decisions where strategy_id = 'own' and action = 'failed' order by 1")


def stubborn(folder, odd):
    """A trader with a strategy that raises on the bars of these numbers, and another one."""
    (folder / "mine").mkdir()
    (folder / "mine" / "own.py").write_text(STUBBORN.replace("{ODD}", odd))
    settings, db = opened(folder, high(), OWN_FILE, more=f"plugins: [{folder / 'mine'}]\n")
    found = [bar._replace(volume=float(number)) for number, bar in enumerate(waves(COUNT))]
    storing.store(db, HOURLY, found, Source.IMPORT, 1)
    return assigned(settings, db)


def test_a_row_that_is_no_candle_ends_its_series_there(tmp_path):
    """The bars before it are decided; it does not go on behind it."""
    with (made := hourly(tmp_path, high())).db as db:
        damage = f"update ohlcv_data set high = 9e999 where timestamp = {at(777)}"
        script(db, f"pragma ignore_check_constraints = on; {damage}")
        replay.walk(made, (0, 2**40), Stop())
        assert len(actions(db)) == 777
        assert "no candle" in str(list(made.failed_series))


def test_all_series_have_come_equally_far_when_it_is_stopped(tmp_path):
    """Not the one to its end and the other nowhere: each to the last bar that has closed by then."""
    with (made := everything(tmp_path)).db as db:
        stop, ends = Stop(), list[int]()
        walked = replay.walk(made, (0, 2**40), stop, lambda found: stopping(ends, found, stop))
        assert walked.last == ends[4] < ends[-1]
        for place, series in enumerate(SERIES):
            newest = f"select max(timestamp) from decisions where strategy_id = 'flaky-{place}'"
            assert column(db, newest) == [candles.newest(db, series, 1, walked.last - series.seconds)[0].timestamp]


class StopLater(Stop):
    """Somebody stops after four looks."""

    looks = 0

    @property
    def stopped(self):
        """Whether that was so many looks ago."""
        self.looks += 1
        return self.looks > 4


def test_who_stops_within_a_stretch_is_told_how_far_it_went(tmp_path, monkeypatch):
    """All that was decided is counted, up to the close of its last bar."""
    monkeypatch.setattr(time_slice, "STEPS", 10)
    with (made := hourly(tmp_path, high())).db as db:
        walked = replay.walk(made, (0, 2**40), StopLater())
        assert 10 < len(actions(db)) < 100
        assert walked == (at(0), at(len(actions(db))), len(actions(db)))


def stopping(ends, found, stop):
    """Somebody stops the walk after five stretches; `ends` takes down when all of them end."""
    ends += found
    for number, end in enumerate(found):
        if number == 5:
            stop.set()
        yield end


def test_nobody_enters_once_the_kill_switch_is_on(tmp_path):
    """It is looked at in every stretch."""
    with (made := hourly(tmp_path, high())).db as db:
        replay.walk(made, (0, 2**40), Stop(), lambda ends: halting(ends, db, 2))
        first = at(501)  # of the third stretch
        assert column(db, f"select count(*) from trades where side = 'buy' and timestamp < {first}")[0] > 10
        assert column(db, f"select count(*) from trades where side = 'buy' and timestamp >= {first}") == [0]
        assert column(db, f"select count(*) from decisions where code = 'halted' and timestamp >= {first}")[0] > 10
        assert len(actions(db)) == COUNT


def halting(ends, db, before):
    """Somebody turns the kill switch on before a stretch."""
    for number, end in enumerate(ends):
        if number == before:
            controls.halt(db, "news", 1)
        yield end


def test_no_series_goes_beyond_the_span(tmp_path):
    """Though the last bar of another one closes later."""
    with (made := everything(tmp_path)).db as db:
        last = START + 14_400 * 50 + 7_200
        replay.walk(made, (START, last), Stop())
        for place, series in enumerate(SERIES):
            newest = f"select max(timestamp) from decisions where strategy_id = 'flaky-{place}'"
            assert column(db, newest) == [candles.newest(db, series, 1, last)[0].timestamp]


def test_what_was_missed_before_it_is_decided_at_its_first_close(tmp_path):
    """Late; the first bar itself is in time."""
    with (made := hourly(tmp_path, high(), count=10)).db as db:
        replay.walk(made, (0, at(3)), Stop())
        replay.walk(made, (at(7), at(9)), Stop())
        decided = rows(db, "select timestamp, decided_ms / 1000, late from decisions order by 1")
        assert decided[3:] == [
            (at(3), at(4), 0), (at(4), at(8), 1), (at(5), at(8), 1), (at(6), at(8), 1),
            (at(7), at(8), 0), (at(8), at(9), 0), (at(9), at(10), 0),
        ]  # fmt: skip


def test_who_failed_is_asked_about_one_bar(tmp_path, fast):
    """It may fail on the next one, and what it said of later ones would be thrown away."""
    made = stubborn(tmp_path, "{5}")
    with made.db:
        replay.walk(made, (0, at(4)), Stop())
        steps = decided(made, at(5)), decided(made, at(30)), decided(made, at(30))
        assert steps == ([], [at(6)], [at(number) for number in range(7, 31)])


def decided(made, upto):
    """The bars that the strategy has decided in one part of a stretch that ends there."""
    advance = SeriesAdvance(series=HOURLY, now_ms=1000 * (upto + HOUR), upto=upto, replayed=True)
    turns = take_due(made, [advance]).turns
    return [step.bar.timestamp for turn in turns if turn.strategy_id == "own" for step in turn.steps]
