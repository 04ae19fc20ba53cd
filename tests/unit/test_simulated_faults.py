"""How faults are written, chosen and counted."""

import numpy as np
import pytest

from exchange.simulated import bars
from exchange.simulated.candle_faults import chosen
from exchange.simulated.dialect import Call
from exchange.simulated.fault_plan import fault_plan
from exchange.simulated.faults import TABLE, Fault, Faults, fault, parse
from exchange.simulated.listings import LISTINGS

CANDLES = Call("/api/v3/klines", "BTC/USDT", "1h")


def rows(count=1000):
    """Hours."""
    return np.array([[3600.0 * n, 10, 12, 8, 11, 5] for n in range(count)])


def test_a_fault_is_read_from_the_command_line():
    """Name, exchange and typed values."""
    told = parse("missing:coinbase,symbol=BTC/USD,timeframe=1h,first=3600,share=0.5,count=2,seconds=1.5")
    expected = Fault(name="missing", exchange="coinbase", symbol="BTC/USD", timeframe="1h", first=3600, share=0.5)
    assert (told.count, told.seconds, told.first, told.share) == (2, 1.5, 3600, 0.5)
    assert (told.name, told.exchange, told.symbol, told.timeframe) == (
        expected.name,
        expected.exchange,
        expected.symbol,
        expected.timeframe,
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mising", "use one of"),
        ("missing,shre=1", "shre is not one of"),
        ("missing,share", "is not key=value"),
        ("missing,share=2", "use 0 to 1"),
        ("missing,count=x", "x"),
        ("wrong,word=odd", "use one of nan"),
    ],
)
def test_a_wrong_fault_says_what_is_wrong(text, said):
    """Every mistake names itself."""
    with pytest.raises(ValueError, match=said):
        parse(text)


def test_values_of_the_wrong_kind_are_refused():
    """JSON can carry anything."""
    with pytest.raises((TypeError, ValueError)):
        fault({"name": "missing", "count": [1]})


def test_every_fault_is_told_in_one_line():
    """The table is what --help prints."""
    assert len(TABLE) == 25
    assert all(line.endswith(".") and "\n" not in line for line in TABLE.values())


def test_a_fault_strikes_as_often_as_it_was_told():
    """`count` requests, then it is over."""
    faults = Faults(1, [parse("broken:binance,count=2")])
    struck = [fault_plan(faults, "binance", CANDLES).disturbance is not None for _ in range(4)]
    assert struck == [True, True, False, False]


def test_a_share_of_the_requests_is_repeatable():
    """The same seed strikes the same requests, about as many as told."""
    runs = []
    for _ in range(2):
        faults = Faults(5, [parse("limited,share=0.3")])
        runs.append([fault_plan(faults, "kraken", CANDLES).disturbance is not None for _ in range(1000)])
    assert runs[0] == runs[1]
    assert 230 < sum(runs[0]) < 370


@pytest.mark.parametrize(
    ("text", "concerned"),
    [
        ("slow", True),
        ("slow:kraken", False),
        ("slow:binance,path=klines", True),
        ("slow,path=ticker", False),
        ("slow,symbol=BTC/USDT,timeframe=1h", True),
        ("slow,timeframe=1m", False),
    ],
)
def test_a_fault_chooses_its_requests(text, concerned):
    """By exchange, part of the path, symbol and timeframe."""
    assert parse(text).concerns("binance", CANDLES) is concerned


def test_a_share_of_the_bars_is_always_the_same():
    """Whichever page a bar comes in, it is chosen or not."""
    whole = chosen(rows(), None, None, 0.1, 3)
    assert np.array_equal(chosen(rows()[400:600], None, None, 0.1, 3), whole[400:600])
    assert 60 < whole.sum() < 140


def test_a_range_of_bars_has_both_ends():
    """First and last are opens, both included."""
    assert chosen(rows(5), 3600, 7200, 1, 3).tolist() == [False, True, True, False, False]


def test_changed_candles_count_once_per_request_and_only_where_there_were_some():
    """A page without a chosen bar does not use up the fault."""
    faults = Faults(1, [parse("missing,first=3600,last=3600,count=1")])
    for page in (rows()[10:], rows(), rows()):
        planned = fault_plan(faults, "binance", CANDLES)
        kept = planned.change(LISTINGS[0], bars.frame("1h"), page, 0) if planned.candle_faults else page
        planned.count_hits()
    assert len(kept) == 1000
    assert faults.report()[0]["hits"] == 1


def test_faults_are_cleared_one_by_one_or_all():
    """By number, or everything."""
    faults = Faults(1, [parse("slow"), parse("broken"), parse("torn")])
    assert (faults.clear(2), len(faults.report()), faults.clear(), faults.report()) == (1, 2, 2, [])
