"""The text of a clock of candle time: what it shows, and which texts are one."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.clock_text import LAST_MS, ClockText, followed, parse
from domain.small_files import Unfit

TOLD = {"start": 1000, "origin": 500, "speed": 10}


@pytest.mark.parametrize(
    ("speed", "until", "real", "shown"),
    [
        (10, 9000, 500, 1000),
        (10, 9000, 600, 2000),
        (10, 9000, 1400, 9000),
        (0, 9000, 10**12, 1000),
        (0.5, 9000, 507, 1004),
    ],
)
def test_it_runs_so_many_times_as_fast_from_its_origin_on(speed, until, real, shown):
    """At the real 500 it shows 1000; it waits at its end, and with a speed of 0 it stands still."""
    assert ClockText(1000, 500, speed, until).at(real) == shown


def test_what_is_not_told_of_a_clock_is_no_limit():
    """It runs on to the last second of the year 9999, and no file is looked at."""
    assert datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp() * 1000 == LAST_MS
    assert parse(json.dumps(TOLD)) == ClockText(1000, 500, 10.0, LAST_MS, None)
    assert ClockText(0, 0, 1.0).at(LAST_MS + 1) == LAST_MS


@pytest.mark.parametrize(
    "change",
    [
        {"start": 0, "origin": 0, "speed": 0},
        {"start": LAST_MS, "origin": LAST_MS, "until": LAST_MS},
        {"until": 0, "speed": 1_000_000},
        {"file": "/data/clock.json", "speed": 0.25},
        {"file": None},
    ],
)
def test_a_clock_has_what_its_text_says(change):
    """Up to each limit."""
    told = TOLD | change
    file = told.get("file")
    must = (told["start"], told["origin"], told["speed"], told.get("until", LAST_MS), Path(file) if file else None)
    assert parse(json.dumps(told)) == must


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"start": -1}, "start"), ({"origin": LAST_MS + 1}, "origin"), ({"until": -1}, "until"),
        ({"speed": -0.1}, "speed"), ({"speed": 1_000_001}, "speed"), ({"speed": True}, "speed"),
        ({"speed": "1"}, "speed"), ({"file": 7}, "file"), ({"file": "clock.json"}, "file"), ({"file": "/a\0b"}, "file"),
    ],
)  # fmt: skip
def test_what_no_clock_says_is_named(change, word):
    """One step beyond each limit, and what is no number or no whole path."""
    with pytest.raises(Unfit, match=f"^{word}: "):
        parse(json.dumps(TOLD | change))


@pytest.mark.parametrize("key", TOLD)
def test_what_a_clock_needs_is_named(key):
    """Nothing is guessed."""
    with pytest.raises(Unfit, match=f"says nothing of {key}"):
        parse(json.dumps({name: value for name, value in TOLD.items() if name != key}))


def test_a_clock_is_followed_by_its_file(tmp_path):
    """What stands in it now."""
    (tmp_path / "clock").write_text(json.dumps(TOLD))
    assert followed(tmp_path / "clock").speed == 10
    (tmp_path / "clock").write_text(json.dumps(TOLD | {"speed": 20}))
    assert followed(tmp_path / "clock").speed == 20
