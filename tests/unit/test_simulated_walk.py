"""The seeded random walk."""

import numpy as np
import pandas as pd
import pytest

from domain.candles import fault
from exchange.simulated import bars
from exchange.simulated.listings import LISTINGS
from exchange.simulated.walk import Walk
from tests.kit.series import DAY

START = 1_735_689_600
BY_NAME = {(listing.exchange, listing.symbol): listing for listing in LISTINGS}
QUIET = BY_NAME["coinbase", "ETH/USD"]


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: f"{listing.exchange}-{listing.symbol}")
def test_every_bar_is_a_candle(listing):
    """Three days of minutes pass the product's own check of candles."""
    rows = Walk(1, listing).bars(bars.MINUTE, START, START + 3 * DAY - 60)
    assert len(rows) == 3 * 1440
    assert [reason for row in rows.tolist() if (reason := fault(row, 60))] == []


def test_any_range_in_any_order_gives_the_same_bars():
    """A walk asked for a later day first, and one asked in pieces, agree with one asked at once."""
    first, second = Walk(7, QUIET), Walk(7, QUIET)
    second.bars(bars.MINUTE, START + 9 * DAY, START + 10 * DAY)
    pieces = [second.bars(bars.MINUTE, START + at, START + at + 3540) for at in range(0, 2 * DAY, 3600)]
    assert np.array_equal(np.concatenate(pieces), first.bars(bars.MINUTE, START, START + 2 * DAY - 60))


def test_another_seed_is_another_walk():
    """The seed matters."""
    one, two = (Walk(seed, QUIET).bars(bars.MINUTE, START, START + 3600) for seed in (1, 2))
    assert not np.array_equal(one[:, bars.CLOSE], two[:, bars.CLOSE])


@pytest.mark.parametrize("timeframe", ["5m", "15m", "1h", "4h", "1d", "3d", "1w"])
def test_coarser_bars_are_the_minutes_as_pandas_puts_them_together(timeframe):
    """An independent resampling of the minutes gives the same bars to the last digit."""
    walk, frame = Walk(3, QUIET), bars.frame(timeframe)
    first = frame.ceil(START)
    rows = walk.bars(bars.MINUTE, first, first + 2 * max(frame.seconds, DAY) - 60)
    minutes = pd.DataFrame(rows[:, 1:], pd.to_datetime(rows[:, 0], unit="s"), columns=list("ohlcv"))
    how = {"o": "first", "h": "max", "l": "min", "c": "last", "v": "sum"}
    expected = minutes.resample(f"{frame.seconds}s", origin=pd.Timestamp(first, unit="s")).agg(how)
    made = walk.bars(frame, first, int(rows[-1, 0]))
    assert np.array_equal(made[:, 1:5], expected.to_numpy()[:, :4])
    assert np.array_equal(made[:, 5], np.round(expected["v"].to_numpy(), 8))


def test_bars_join_without_a_jump_also_at_midnight():
    """Each bar opens where the one before it closed."""
    rows = Walk(1, QUIET).bars(bars.MINUTE, START, START + 3 * DAY)
    assert np.array_equal(rows[1:, bars.OPEN], rows[:-1, bars.CLOSE])


def test_a_minute_without_trades_is_printed_flat_or_left_out():
    """Binance's manner and Coinbase's: the same bars, but for those without volume."""
    printed = Walk(1, QUIET).bars(bars.MINUTE, START, START + 5 * DAY)
    left_out = Walk(1, QUIET, omits_empty=True).bars(bars.MINUTE, START, START + 5 * DAY)
    empty = printed[printed[:, bars.VOLUME] == 0]
    assert 0.01 < len(empty) / len(printed) < 0.2
    assert np.all(empty[:, bars.OPEN : bars.VOLUME] == empty[:, [bars.CLOSE]])
    assert np.array_equal(left_out, printed[printed[:, bars.VOLUME] > 0])


def test_whole_hours_without_trades_happen():
    """Quiet spells are long enough for missing hours, which the fleet has to prove."""
    hours = Walk(1, QUIET, omits_empty=True).bars(bars.frame("1h"), START, START + 200 * DAY)
    assert 0 < 200 * 24 + 1 - len(hours) < 100


def test_exchanges_agree_about_a_coin():
    """Bitcoin costs the same everywhere, to a thousandth."""
    closes = [
        Walk(1, listing).bars(bars.frame("1h"), START, START + DAY)[:, bars.CLOSE]
        for listing in LISTINGS
        if listing.base == "BTC"
    ]
    assert len(closes) == 3
    assert all(np.allclose(other, closes[0], rtol=1e-3) for other in closes)


def test_nothing_before_the_listing():
    """The first bar is the listing's."""
    walk = Walk(1, QUIET)
    assert walk.bars(bars.DAILY, 0, QUIET.listed + DAY)[0, 0] == QUIET.listed


def test_memory_stays_bounded():
    """Three hundred days of minutes leave eight in the cache."""
    walk = Walk(1, QUIET)
    for day in range(300):
        walk.bars(bars.frame("1h"), START + day * DAY, START + (day + 1) * DAY - 3600)
    assert walk._minutes.cache_info().currsize == 8
