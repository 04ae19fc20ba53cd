"""Bars that are made from finer ones follow them: a revision, a hole that is mended, an import; only what changed."""

import pytest

from db.market_data import derived, storing
from db.market_data.storing import Stored
from db.sqlite.connection import connect
from domain.candles import Series, Source
from fleet import cli
from tests.backfilling import fleet, following, once, simulator, stored, until
from tests.db_files import fresh
from tests.kit.candles import bar
from tests.kit.rows import change, rows
from tests.kit.series import HOUR
from tests.trading import assigned, high, take
from trader.deciding import SeriesAdvance

LONG, FINE = Series("coinbase", "BTC/USD", "4h"), Series("coinbase", "BTC/USD", "2h")
WANTED = "coinbase BTC/USD 4h 50"
HOLE = 1_735_560_000  # 2024-12-30 12:00 UTC: a bar of 4h opens, and one of 2h
LEFT_OUT = f"missing:coinbase,symbol=BTC/USD,timeframe=2h,first={HOLE},last={HOLE}"


def opened(settings):
    """A connection of somebody else, such as an import."""
    return connect(settings.database, any_filesystem=True)


def told(settings, source=Source.EXCHANGE, **values):
    """A finer bar of which somebody says something else, or something at last."""
    found = next(each for each in stored(settings, FINE) if each.timestamp >= HOLE)
    with opened(settings) as db:
        storing.store(db, FINE, [found._replace(timestamp=HOLE, **values)], source, 1)


def made(settings, timestamp=HOLE):
    """A derived bar, None where it was not made."""
    return next((each for each in stored(settings, LONG) if each.timestamp == timestamp), None)


def revisions(settings, series):
    """The superseded values of a series."""
    with opened(settings) as db:
        found = rows(db, f"select timestamp, high from ohlcv_revisions where timeframe = '{series.timeframe}'")
    return [tuple(each) for each in found]


def test_a_revision_of_a_finer_bar_is_one_of_the_longer_bar(tmp_path):
    """Of that one only; what it was is kept."""
    with simulator() as running:
        settings = fleet(tmp_path, running, WANTED)
        assert once(settings) == 0
        before = stored(settings, LONG)
        told(settings, high=99_999.0)
        assert once(settings) == 0
    old = next(each for each in before if each.timestamp == HOLE)
    assert [each for each in stored(settings, LONG) if each not in before] == [old._replace(high=99_999.0)]
    assert revisions(settings, LONG) == [(HOLE, old.high)]


def truth(folder):
    """What is made where nothing was ever missing."""
    with simulator() as running:
        settings = fleet(folder, running, WANTED)
        assert once(settings) == 0
    return stored(settings, LONG), next(each for each in stored(settings, FINE) if each.timestamp == HOLE)


@pytest.mark.parametrize("mended", ["by the exchange", "by an import"])
def test_a_bar_that_was_left_out_and_comes(tmp_path, mended):
    """A longer bar was made without it, as if nobody had traded; then it is made anew."""
    right, finer = truth(tmp_path / "truth")
    with simulator(faults=(LEFT_OUT,)) as running:
        settings = fleet(tmp_path / "fleet", running, WANTED)
        assert once(settings) == 0
        assert made(settings).open != finer.open
        running.faults.clear()
        source = Source.EXCHANGE if mended == "by the exchange" else Source.IMPORT
        with opened(settings) as db:
            storing.store(db, FINE, [finer], source, 1)
        assert once(settings) == 0
    assert stored(settings, LONG) == right


def test_a_backfiller_that_follows_sees_what_others_store(tmp_path):
    """With its next round: what it has made itself it does not make again."""
    with simulator(speed=7200.0) as running:
        settings = fleet(tmp_path, running, WANTED)
        with following(settings):
            until(lambda: made(settings))
            told(settings, high=88_888.0)
            until(lambda: made(settings).high == 88_888.0)


def test_what_was_decided_is_not_decided_again(tmp_path):
    """A longer bar that changes after its decision is a revision of a candle."""
    (tmp_path / "strategies").mkdir()
    text = high().replace("binance", "coinbase").replace("BTC/USDT", "BTC/USD").replace("1h", "4h")
    (tmp_path / "strategies" / "one.yaml").write_text(text)
    with simulator() as running:
        settings = fleet(tmp_path, running, WANTED)
        assert once(settings) == 0
        with opened(settings) as db:
            advance = SeriesAdvance(
                series=LONG, now_ms=1000 * (stored(settings, LONG)[-1].timestamp + 4 * HOUR + 1), stored_ms=1
            )
            one = assigned(settings, db)
            assert take(one, advance) == 1
            newest = stored(settings, FINE)[-2]
            storing.store(db, FINE, [newest._replace(high=99_999.0)], Source.EXCHANGE, 1)
            once(settings)
            assert take(one, advance) == 0


@pytest.fixture
def db(tmp_path):
    """A day of six derived bars of 4h, from 08:00 on."""
    with fresh(tmp_path) as made_:
        storing.store(made_, FINE, [paired(each) for each in range(24)], Source.EXCHANGE, 1)
        storing.store(made_, LONG, [paired(each, 2) for each in range(2, 8)], Source.DERIVED, 1, "2h")
        yield made_


def paired(number, times=1, close=100.0):
    """The bar number so many of 2h, or of twice that."""
    return bar(number, close, length=times * 2 * HOUR, start=HOLE)


CHANGES = {
    "a revision": ([7], 101.0, [(3, 3)]),
    "two that are far apart": ([4, 15], 101.0, [(2, 7)]),
    "one before the first that was made": ([3], 101.0, []),
    "the same again": ([7], 100.0, []),
    "a new one": ([24], 100.0, []),
}


@pytest.mark.parametrize("name", CHANGES)
def test_only_what_has_changed_is_made_again(db, name):
    """And only as far as bars were made."""
    numbers, close, expected = CHANGES[name]
    storing.store(db, FINE, [paired(each, close=close) for each in numbers], Source.EXCHANGE, 2)
    found = [
        ((each.first - HOLE) // (4 * HOUR), (each.last - HOLE) // (4 * HOUR)) for each in derived.outdated(db, LONG)
    ]
    assert found == expected


def test_what_changes_while_it_is_made_again_is_not_forgotten(db):
    """The same bar, a moment later."""
    storing.store(db, FINE, [paired(7, close=101.0)], Source.EXCHANGE, 2)
    (before,) = derived.outdated(db, LONG)
    storing.store(db, FINE, [paired(7, close=102.0)], Source.EXCHANGE, 3)
    derived.renewed(db, LONG, before)
    (after,) = derived.outdated(db, LONG)
    derived.renewed(db, LONG, after)
    assert derived.outdated(db, LONG) == []


def test_bars_of_a_release_that_did_not_follow_are_all_made_again(db):
    """Once."""
    change(db, "update series_heads set finer = null")
    derived.admit(db, LONG, "2h")
    (found,) = derived.outdated(db, LONG)
    assert (found.first, found.last) == (HOLE + 8 * HOUR, HOLE + 28 * HOUR)
    derived.renewed(db, LONG, found)
    derived.admit(db, LONG, "2h")
    assert derived.outdated(db, LONG) == []


def imported(db, number):
    """What becomes of a bar of 4h that is imported with another close."""
    return storing.store(db, LONG, [paired(number, 2, close=103.0)], Source.IMPORT, 2)


def value(db, number):
    """Close and source of a bar of 4h."""
    found = rows(
        db, f"select close, source from ohlcv_data where timeframe = '4h' and timestamp = {paired(number, 2)[0]}"
    )
    return tuple(found[0])


def finer_from_import(db, number):
    """A finer bar was imported."""
    change(db, f"update ohlcv_data set source = 1 where timeframe = '2h' and timestamp = {paired(number)[0]}")


def test_an_import_replaces_no_bar_that_is_made_from_the_exchanges_own(db):
    """It is counted as one that differs; one whose finer bars were imported is replaced."""
    finer_from_import(db, 9)
    assert imported(db, 3) == Stored(rejected=1)
    assert value(db, 3) == (100.0, Source.DERIVED)
    assert imported(db, 4) == Stored(revised=1)
    assert value(db, 4) == (103.0, Source.IMPORT)


def test_bars_from_the_exchanges_own_take_the_place_of_imported_ones(db):
    """Whichever came first; the imported value is kept as a revision. Those from imported ones do not."""
    finer_from_import(db, 9)
    change(db, "update ohlcv_data set source = 1, close = 100.5 where timeframe = '4h'")
    done = storing.store(db, LONG, [paired(each, 2) for each in range(2, 8)], Source.DERIVED, 3, "2h")
    assert done == Stored(revised=5, rejected=1)
    assert [value(db, each) for each in (3, 4)] == [(100.0, Source.DERIVED), (100.5, Source.IMPORT)]
    assert rows(db, "select count(*) from ohlcv_revisions where close = 100.5 and source = 1") == [(5,)]


def test_the_exchanges_own_longer_bar_beats_both(db):
    """And stands against what is made later."""
    storing.store(db, LONG, [paired(3, 2, close=105.0)], Source.EXCHANGE, 2)
    assert storing.store(db, LONG, [paired(3, 2)], Source.DERIVED, 3, "2h") == Stored(rejected=1)
    assert value(db, 3) == (105.0, Source.EXCHANGE)


def test_an_imported_week_replaces_none_that_is_made_from_the_exchanges_days(tmp_path, capsys):
    """Kraken's weeks open on Thursdays, ours are made; the import says that what was better stands."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "kraken BTC/USD 1w 10")
        assert once(settings) == 0
    week = Series("kraken", "BTC/USD", "1w")
    before = stored(settings, week)
    path = tmp_path / "weeks.csv"
    path.write_text(
        "".join(f"{each.timestamp},{each.open},{each.high * 2},{each.low},{each.close},1\n" for each in before)
    )
    real = tmp_path / "real"
    real.mkdir()
    (real / "fleet.yaml").write_text("any_filesystem: true\n")
    with opened(settings) as db:
        change(db, "update meta set value = 'real' where key = 'environment'")
    where = ["--config", str(real), "--database", str(settings.database)]
    words = ["--exchange", "kraken", "--symbol", "BTC/USD", "--timeframe", "1w"]
    assert cli.main(["import", *where, *words, str(path)]) == 0
    assert f"{len(before)} differ from what a better source said, which stands" in capsys.readouterr().out
    assert stored(settings, week) == before
