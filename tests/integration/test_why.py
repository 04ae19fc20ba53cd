"""`fleet why`: counts against the rows of `decisions`, what retention leaves, and what it says of how things stand."""

import json
import re
from collections import Counter
from datetime import UTC, datetime

import pytest

from db.fleet import controls
from db.fleet.controls import Level
from db.fleet.workers import Worker
from db.sqlite.connection import connect
from db.trading import retention
from domain.codes import Code, plain
from domain.timeframes import DAY
from fleet import cli
from runtime import clock
from tests.kit.rows import change, rows
from tests.kit.series import HOUR, START, at
from tests.replayed import STRATEGY, walked, waves
from tests.trading import assigned, feed, high, living, opened, ring

COUNT = 24 * 40
HALF = (START // DAY + 20) * DAY + 5 * HOUR  # inside a day


def asked(path, capfd, *words):
    """The exit status, the rows of both sections in JSON, and stderr."""
    capfd.readouterr()
    status = cli.main(["why", *words, "--database", str(path), "--config", str(path.parent), "--format", "json"])
    out, err = capfd.readouterr()
    rows = json.loads(out) if out else []
    return status, [row for row in rows if row["section"] == "decisions"], rows[-1] if rows else {}, err


@pytest.fixture
def database(tmp_path):
    """A strategy that traded for forty days."""
    strategy = STRATEGY.format(name="plain", symbol="BTC/USDT", capital=1000)
    return walked(tmp_path, [strategy], {"BTC/USDT": waves(COUNT)})


def stored(path, since=0):
    """The decisions as they are kept: (code, open, sentence, indicators), read by nothing of the product."""
    query = "select code, timestamp, reason, indicators from decisions where timestamp + 3600 > ? order by 2"
    return rows(path, query, (since,))


def thinned(path):
    """Retention has forgotten whatever did nothing before the newest ten days."""
    with connect(path, any_filesystem=True) as db:
        while not retention.step(db, 1000 * at(COUNT), 10, 10).done:
            pass


def test_the_reasons_are_those_of_the_decisions(database, capfd):
    """Each code with its number, its newest sentence and what was seen; most frequent first."""
    rows = stored(database)
    counts, newest = Counter(row[0] for row in rows), {row[0]: row[1:] for row in rows}
    status, found, now, _ = asked(database, capfd, "plain")
    assert status == 0
    assert {row["code"]: row["decisions"] for row in found} == counts
    assert [row["decisions"] for row in found] == sorted(counts.values(), reverse=True)
    assert {row["code"]: (row["last_timestamp"], row["reason"], row["indicators"]) for row in found} == newest
    assert counts.keys() >= {"warming_up", "no_entry", "signal", "holding", "exit_signal"}
    assert now["decisions"] == len(rows) == COUNT


def test_the_counts_survive_retention(database, capfd):
    """Sentences of pruned decisions are gone, the day of the newest is known."""
    before, warm = Counter(row[0] for row in stored(database)), stored(database)[18]
    thinned(database)
    _, found, _, _ = asked(database, capfd, "plain")
    assert {row["code"]: row["decisions"] for row in found} == before
    assert len(stored(database)) < COUNT / 2
    assert warm[0] == "warming_up"
    pruned = next(row for row in found if row["code"] == "warming_up")
    assert (pruned["last_timestamp"], pruned["reason"]) == (None, None)
    assert pruned["last_day_timestamp"] == warm[1] // DAY * DAY


def test_people_read_each_value_once(database, capfd):
    """What the sentence says already does not stand behind it again."""
    assert cli.main(["why", "plain", "--database", str(database), "--config", str(database.parent)]) == 0
    lines = [line for line in capfd.readouterr().out.splitlines() if "MACD(4, 9, 3)" in line]
    assert lines
    for line in lines:
        values = re.findall(r"-?\d+\.\d+", line)
        assert len(set(values)) == len(values) > 1, line


@pytest.mark.parametrize("since", [HALF, HALF // DAY * DAY, HALF + 1800])
def test_since_counts_what_closed_after_it(database, capfd, since):
    """Also inside a day, and inside a bar."""
    _, found, now, told = asked(database, capfd, "plain", "--since", str(since))
    assert {row["code"]: row["decisions"] for row in found} == Counter(row[0] for row in stored(database, since))
    assert (now["since_timestamp"], told) == (since, "")


def test_since_inside_a_thinned_day_counts_from_its_midnight(database, capfd):
    """And says so."""
    midnight = HALF // DAY * DAY
    expected = Counter(row[0] for row in stored(database, midnight))
    thinned(database)
    _, found, now, told = asked(database, capfd, "plain", "--since", str(HALF))
    assert {row["code"]: row["decisions"] for row in found} == expected
    assert now["since_timestamp"] == midnight
    assert "counts from its midnight" in told


def test_a_table_says_it_in_a_line(database, capfd):
    """The counts, then what is now."""
    assert cli.main(["why", "plain", "--database", str(database), "--config", str(database.parent)]) == 0
    out = capfd.readouterr().out
    counts = Counter(row[0] for row in stored(database)).most_common()
    assert f"{COUNT} decisions: " + ", ".join(f"{count} × {plain(code)}" for code, count in counts) in out
    assert "now: " in out
    assert "next: " in out


def test_an_unknown_strategy_is_told_the_nearest(database, capfd):
    """As where somebody steers one: exit status 2."""
    status, _, _, told = asked(database, capfd, "plian")
    assert (status, "did you mean plain?" in told) == (2, True)


def test_every_code_has_its_words():
    """What a decision can be is shown in plain words, each its own."""
    words = [plain(code) for code in Code]
    assert len(set(words)) == len(words)
    assert all(word and "_" not in word for word in words)
    assert plain("of_old") == "of old"


@pytest.fixture
def room(tmp_path):
    """A strategy that needs two bars, whose trader lives; its candles are of long ago."""
    settings, db = opened(tmp_path, high())
    with db:
        yield settings, db


def stands(settings, capfd, *words):
    """What is said of the strategy now, and next."""
    _, _, now, _ = asked(settings.database, capfd, "one", *words)
    return now["state"], now["next"]


def fresh(db, *closes):
    """Store candles whose newest has just closed."""
    newest = clock.now_ms() // 1000 // HOUR * HOUR - HOUR
    first = (newest - START) // HOUR - len(closes) + 1
    return feed(db, *closes, first=first), first


def test_an_empty_series_says_what_fetches_it(room, capfd):
    """Not one candle yet."""
    settings, db = room
    assigned(settings, db)
    state, advice = stands(settings, capfd)
    assert "is empty" in state
    assert "fleet up" in advice
    assert "fleet backfill --once" in advice


def test_an_exchange_that_does_not_answer_is_the_first_reason(room, capfd):
    """As the backfiller that lives says; one that is long dead says nothing."""
    settings, db = room
    assigned(settings, db)
    told = {"exchanges": {"binance": "cannot be reached: no route", "kraken": "refused"}}
    keeper = Worker(worker_id="b", room="backfiller", host="h", pid=1, started_ms=1, detail=told)
    living(db, keeper, clock.now_ms() - 600_000)
    assert "no route" not in stands(settings, capfd)[0]
    living(db, keeper, clock.now_ms())
    state, advice = stands(settings, capfd)
    assert state.startswith("binance: cannot be reached: no route; binance BTC/USDT 1h is empty")
    assert "asks again by itself" in advice


def test_a_stale_series_says_so_before_all_else_that_it_lacks(room, capfd):
    """A trader lives, nothing comes in."""
    settings, db = room
    made = assigned(settings, db)
    feed(db, 99, 98)
    ring(made, 1)
    state, advice = stands(settings, capfd)
    assert "is stale" in state
    assert "let a backfiller run" in advice


def test_nobody_trades_it(room, capfd):
    """Candles come in, no trader lives."""
    settings, db = room
    assigned(settings, db).release()
    fresh(db, 99, 98)
    state, advice = stands(settings, capfd)
    assert "no trader acts for it" in state
    assert "fleet up" in advice


def test_what_a_person_has_ordered_is_told_with_what_takes_it_back(room, capfd):
    """The kill switch before a pause, a pause before all that is left."""
    settings, db = room
    assigned(settings, db)
    controls.put(db, ["one"], [Level.PAUSE], "news", 1)
    assert stands(settings, capfd)[1] == "`fleet resume one`"
    controls.put(db, ["one"], [Level.STOP], "enough", 1)
    assert stands(settings, capfd)[1] == "`fleet start one`"
    controls.halt(db, "holiday", 1)
    state, advice = stands(settings, capfd)
    assert advice == "`fleet kill-switch off`"
    assert "holiday" in state
    assert "enough" in state


def test_warming_up_says_how_long(tmp_path, capfd):
    """Five of twenty candles: fifteen are missing, and the last of them closes fifteen hours after the newest."""
    settings, db = opened(tmp_path, high().replace("warmup: 2", "warmup: 20"))
    with db:
        made = assigned(settings, db)
        (*_, newest), first = fresh(db, 99, 98, 97, 96, 95)
        ring(made, first + 4)
        state, advice = stands(settings, capfd)
    there = newest.timestamp + HOUR + 15 * HOUR
    assert "5 of 20 candles, 15 are missing" in state
    assert f"{datetime.fromtimestamp(there, UTC):%Y-%m-%d %H:%M}" in advice


def test_one_that_never_wished_is_sent_to_validate(room, capfd):
    """Its rule was true on no candle."""
    settings, db = room
    made = assigned(settings, db)
    _, first = fresh(db, 99, 98, 97)
    ring(made, first + 2)
    state, advice = stands(settings, capfd)
    assert "it never wished to enter" in state
    assert "fleet validate" in advice


def test_wishes_that_came_too_late_are_named(room, capfd):
    """Decided an hour after the close, then nothing more."""
    settings, db = room
    made = assigned(settings, db)
    last = (clock.now_ms() // 1000 - START) // HOUR - 1
    for number, close, late in ((last - 2, 98, 1), (last - 1, 101, 3000), (last, 99, 1)):
        feed(db, close, first=number)
        ring(made, number, late=late)
    state, advice = stands(settings, capfd)
    assert "its wishes were refused (1, mostly: stale)" in state
    assert "fleet status" in advice


def test_a_strategy_whose_file_is_gone(room, capfd):
    """Flat: nobody trades it, its reasons are still there."""
    settings, db = room
    made = assigned(settings, db)
    feed(db, 99, 98)
    ring(made, 1)
    change(db, "update strategies set enabled = 0")
    status, found, now, _ = asked(settings.database, capfd, "one")
    assert (status, [row["code"] for row in found]) == (0, ["no_entry"])
    assert "put its file back" in now["next"]
