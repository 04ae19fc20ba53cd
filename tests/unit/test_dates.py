"""Dates as people write them: one reading for files and for every option that takes one."""

import calendar
from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from config.load import load
from domain.dates import parse
from fleet import cli
from strategies import kinds
from tests.unit.test_config import complaints

NOW = 1_790_003_723  # 2026-09-21 15:15:23 UTC, by `date -u -d @1790003723`
NEW_YEAR = 1_704_067_200  # `date -u -d 2024-01-01 +%s`
MOMENTS = some.datetimes(min_value=datetime(2009, 1, 1), max_value=datetime(2199, 1, 1))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2024-01-01", NEW_YEAR),
        ("20240101", NEW_YEAR),
        ("2024-1-1", NEW_YEAR),
        ("2024/01/01", NEW_YEAR),
        ("1704067200", NEW_YEAR),
        ("2024-01-01 12:00", NEW_YEAR + 43_200),
        ("20240101T1200", NEW_YEAR + 43_200),
        ("2024-01-01T12:00:05Z", NEW_YEAR + 43_205),
        ("2024-01-01 12:00 UTC", NEW_YEAR + 43_200),
        ("2024-01-01 12:00+02:00", NEW_YEAR + 36_000),
        ("2024-01-01T12:00:00 -0530", NEW_YEAR + 63_000),
        ("2009-01-01", 1_230_768_000),
        ("7d", NOW - 604_800),
        ("12h", NOW - 43_200),
        ("0d", NOW),
        ("now", NOW),
        ("2 w", NOW - 1_209_600),
        ("99999d", 1_230_768_000),
        ("today", 1_789_948_800),
        ("Yesterday", 1_789_862_400),
    ],
)
def test_a_date_is_read_as_people_write_it(text, seconds):
    """Seconds by `date -u`, and hand-worked from there."""
    assert parse(text).at(NOW) == seconds


@given(MOMENTS, some.sampled_from(["%Y-%m-%d %H:%M", "%Y%m%d %H:%M", "%Y/%m/%dT%H:%M", "%Y-%m-%dT%H:%M:00Z"]))
def test_every_moment_in_every_form(moment, form):
    """As the calendar of the standard library counts it."""
    assert parse(moment.strftime(form)).at(NOW) == calendar.timegm(moment.timetuple()) // 60 * 60


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2024", "is a year: write 2024-01-01"),
        ("202403", "is a month: write 2024-03-01"),
        ("2024-03", "is a month: write 2024-03-01"),
        ("1704067200000", "parts of a second: write the seconds, 1704067200"),
        ("1704067200000000", "write the seconds, 1704067200"),
        ("0", "is 1970-01-01, when there were no candles yet"),
        ("2008-12-31", "is 2008-12-31, when"),
        ("20240230", "day is out of range"),
        ("2024-02-30", "day is out of range"),
        ("2024-13-01", "month must be"),
        ("2024-01-01 25:00", "hour must be"),
        ("01.02.2024", "write year-month-day"),
        ("1/2/24", "write year-month-day"),
        ("3m", "minutes or months"),
        ("2024-01-01 12:00 CET", "is no date"),
        ("2024-W01", "is no date"),
        ("２０２４-０１-０１", "is no date"),
        ("", "is no date"),
    ],
)
def test_what_is_no_date_or_could_be_two(text, told):
    """Is refused, with what to write."""
    with pytest.raises(ValueError, match=told):
        parse(text)


@given(some.one_of(some.text(max_size=20), some.from_regex(r"[0-9]{1,20}"), some.from_regex(r"[0-9:./T-]{1,20}")))
def test_nothing_before_2009_and_only_one_error(text):
    """Whatever is written."""
    with suppress(ValueError):
        assert parse(text).at(NOW) >= 1_230_768_000


def kept(folder, since, timeframe="1h"):
    """What fleet.yaml keeps of a series with such a `since`."""
    entry = f"{{ exchange: binance, symbol: BTC/USDT, timeframe: {timeframe}, since: {since} }}"
    (folder / "strategies").mkdir(exist_ok=True)
    (folder / "fleet.yaml").write_text(f"series:\n  - {entry}\nretention: {{ decisions: 30 }}\n")
    return load(folder, kinds.load, environ={}).series[0]


@pytest.mark.parametrize(
    "since", ["2024-01-01", "'2024-01-01'", "20240101", "'20240101'", "1704067200", "2024-01-01T00:00Z"]
)
def test_since_in_a_file(tmp_path, since):
    """Quoted or not."""
    assert kept(tmp_path, since).since == NEW_YEAR


@pytest.mark.parametrize(
    ("since", "timeframe", "bars"), [("7d", "1h", 168), ("36h", "1d", 2), ("yesterday", "4h", 12), ("today", "1d", 1)]
)
def test_since_that_is_counted_back_is_so_many_candles(tmp_path, since, timeframe, bars):
    """So it moves with candle time, whatever clock the exchange has."""
    found = kept(tmp_path, since, timeframe)
    assert (found.last, found.since) == (bars, None)


def test_an_impossible_date_is_told_with_its_line(tmp_path):
    """Beside the other mistakes of the file."""
    entry = "{ exchange: binance, symbol: BTC/USDT, timeframe: 1h, since: 2024-02-30 }"
    found = complaints(tmp_path, fleet=f"series:\n  - {entry}\nretention: {{ decisions: -5 }}\n")
    assert [(each.line, each.key) for each in found] == [(2, "series.since"), (3, "retention.decisions")]
    assert "day is out of range for month" in found[0].reason


@pytest.mark.parametrize(
    "option", [["report", "--since"], ["trade", "--replay", "--from"], ["trade", "--replay", "--to"]]
)
@pytest.mark.parametrize("written", ["2024", "0", "20240230", "1704067200000", "3m"])
def test_a_date_that_is_typed_is_refused_alike(capsys, option, written):
    """By every option that takes one, with what is wrong."""
    assert cli.main([*option, written]) == 2
    with pytest.raises(ValueError, match=r"^(is|are|may) ") as caught:
        parse(written)
    assert f"'{written}' {caught.value}" in capsys.readouterr().err
