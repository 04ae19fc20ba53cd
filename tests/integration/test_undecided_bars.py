"""What a trader that was away walks: every stored bar, and every one in which nobody traded, once."""

import random

import pytest

from db.market_data import gaps, storing
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from domain.candles import Source, flat_bar
from domain.gaps import ENTRY_BLOCKING, Cause
from tests.kit.candles import closes
from tests.kit.rows import rows
from tests.kit.series import HOURLY, at
from tests.trading import assigned, feed, high, opened, ring
from trader import undecided


@pytest.fixture
def db(tmp_path):
    """An empty database."""
    path = tmp_path / "trading.db"
    migrate(path, "simulated", any_filesystem=True)
    with connect(path, any_filesystem=True) as made:
        yield made


def stored(db, slots):
    """Store the bars of these slots: None where there is one, else the cause for which it is missing."""
    made = closes(*range(100, 100 + len(slots)))
    kept = [bar for bar, cause in zip(made, slots, strict=True) if cause is None]
    for bar, cause in zip(made, slots, strict=True):
        if cause is not None:
            gaps.mark(db, HOURLY, bar.timestamp, bar.timestamp, cause)
    storing.store(db, HOURLY, kept, Source.EXCHANGE, 1)
    return made


def holes(slots):
    """The cause that decides about each hole (TRADING.md section 2): what may be mended or was an outage before all,
    then what is no more to be had; nobody traded only where nobody traded in all of it.
    """
    found, place = list(slots), 0
    while place < len(slots):
        end = place
        while end < len(slots) and slots[end] is not None:
            end += 1
        causes = set(slots[place:end])
        others = causes - {Cause.NO_TRADES}
        worst = others & set(ENTRY_BLOCKING) or others or causes
        found[place:end] = [worst] * (end - place)
        place = end + 1
    return found


def expected(slots, made, size, since):
    """Bars and windows, worked out bar by bar from its definition."""
    known, seen, views = holes(slots), [], []
    for place, bar in enumerate(made):
        if known[place] is None:
            seen.append(bar)
        elif known[place] == {Cause.NO_TRADES}:
            seen.append(flat_bar(bar.timestamp, seen[-1].close))
        elif not known[place] & set(ENTRY_BLOCKING):
            seen = []
            continue
        else:
            continue
        if bar.timestamp > since:
            views.append((seen[-1], tuple(seen[-size:])))
    return views


def walked(db, size, since):
    """Bars and windows as a trader walks them."""
    return [(view.bar, view.seen_by(size).window.candles) for view in undecided.undecided_bars(db, HOURLY, size, since)]


@pytest.mark.parametrize("cause", Cause)
def test_a_hole_in_the_middle_of_what_was_missed(db, cause):
    """The bars before it are decided too, in the windows that there were."""
    slots = [None] * 20 + [cause] * 3 + [None] * 20
    made = stored(db, slots)
    views = walked(db, 5, at(4))
    assert views == expected(slots, made, 5, at(4))
    assert {bar.timestamp for bar, _ in views} >= {bar.timestamp for bar in made[5:20] + made[23:]}


@pytest.mark.parametrize("seed", range(40))
def test_any_holes(db, monkeypatch, seed):
    """Of any length and cause, beside each other, wherever stretches end."""
    drawn = random.Random(seed)
    monkeypatch.setattr(undecided, "STRETCH", drawn.choice([1, 2, 5, 13, 500]))
    slots = [None]
    while len(slots) < 120:
        slots += [None] * drawn.choice([1, 1, 2, 9, 30])
        slots += [drawn.choice([*Cause]) for _ in range(drawn.choice([0, 1, 1, 2]))] or [None]
        slots += [drawn.choice([*Cause])] * drawn.choice([1, 3, 20])
    slots += [None]
    made = stored(db, slots)
    size, since = drawn.choice([2, 7, 40]), at(drawn.randrange(-1, 100))
    views = walked(db, size, since)
    assert views == expected(slots, made, size, since)
    assert len(views) == len({bar.timestamp for bar, _ in views})


def test_a_stop_before_a_hole_is_filled_there(tmp_path):
    """A trader was away while the price fell through the stop; behind that the exchange offers a day no more."""
    settings, db = opened(tmp_path, high(more="exits: { stop: 0.02, check: intrabar }"))
    with db:
        feed(db, 99, 98, 101)
        made = assigned(settings, db)
        ring(made, 2)
        feed(db, 101, 98, 103, first=3)
        feed(db, 104, 105, first=30)
        gaps.mark(db, HOURLY, at(6), at(29), Cause.NOT_OFFERED)
        assert ring(made, 31) == 5
        sold = rows(db, "select timestamp, late from trades where side = 'sell'")
        assert sold == [(at(4), 1)]
        decided = [row[0] for row in rows(db, "select timestamp from decisions order by timestamp")]
        assert decided == [at(place) for place in (2, 3, 4, 5, 30, 31)]
