"""Times as files write them, and what is none: nothing is ever taken for a moment of 1970."""

import pytest

from db.files.times import bare, moment

JULY = 1_720_800_000  # 2024-07-12 16:00 UTC
MONDAY = 1_704_067_200  # 2024-01-01 00:00 UTC
WRITTEN = {
    "1720800000": JULY,
    "1720800000.0": JULY,
    " 1720800000000 ": JULY,
    "1720800000000000": JULY,
    "1720800000000000000": JULY,
    "1.720800000000000000e+09": JULY,
    "1.720800000E+12": JULY,
    "2024-07-12T16:00Z": JULY,
    "2024-07-12 16:00:00 UTC": JULY,
    "2024-07-12 18:00:00+02:00": JULY,
    "2024-07-12 16:00": JULY,
    "2024-01-01": MONDAY,
    "20240101": MONDAY,
    "20240101.0": MONDAY,
    "202401010000": MONDAY,
    "20240101000000": MONDAY,
    "20240101 000000": MONDAY,
    "2024.01.01": MONDAY,
    "2024/1/1": MONDAY,
    "2024.07.12 16:00": JULY,
    "2024.07.12 16:00:00": JULY,
    "2024/07/12 18:00:00 +0200": JULY,
    "2024-07-12 04-PM": JULY,
    "2024-07-12 4:00 pm": JULY,
    "2024-01-01 12-AM": MONDAY,
    "2024-01-01 12:00:00 AM": MONDAY,
    "2024-07-12 16:00:00 GMT": JULY,
    "2024-07-12 11:00-05:00": JULY,
}
NONE = {
    "1.7208E+12": "a spreadsheet has rounded",
    "1.7208e9": "a spreadsheet has rounded",
    "12:30": "a time of day",
    "12:30:05": "a time of day",
    "1:30 PM": "a time of day",
    "0.520833": "older than 2009",
    "45292.5": "a spreadsheet's number of a day: have it write dates, 2023-12-31 23:00: 45292.5",
    "45292": "a spreadsheet's number of a day",
    "45292.0": "a spreadsheet's number of a day",
    "31/12/2023": "day and month may stand either way: write the year first, 2023-12-31: 31/12/2023",
    "03/04/2023 12:00": "day and month may stand either way",
    "3.4.23": "day and month may stand either way",
    "01-02-2023 00:00": "day and month may stand either way",
    "2024-07-12 18:00 CEST": "a zone's name may mean several: write its offset",
    "2024.13.01 00:00": "no time",
    "2024-07-12 17:00 PM": "no time",
    "12 July 2024": "no time .write Unix seconds",
    "2024-07-12" + " " * 65_000 + "x": "no time",
    "1230": "older than 2009",
    "1230767999": "older than 2009",
    "2008-12-31": "older than 2009",
    "20081231": "older than 2009",
    "20240230": "older than 2009",
    "0001-01-01 00:00:00+01:00": "older than 2009",
    "nan": "no time",
    "-inf": "no time",
    "1e400": "no time",
    "": "no time",
    "January": "no time",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_moments(text):
    """Seconds, milli-, micro- and nanoseconds, dates with and without separators."""
    assert moment(text) == WRITTEN[text]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_moment(text):
    """Why, in a few words."""
    with pytest.raises(ValueError, match=NONE[text]):
        moment(text)


@pytest.mark.parametrize("value", [None, float("inf"), True, 0])
def test_cells_that_are_no_text(value):
    """Of files with columns."""
    with pytest.raises(ValueError, match="no "):
        moment(value)


@pytest.mark.parametrize("text", WRITTEN)
def test_whether_a_zone_is_named(text):
    """Seconds are of no zone but UTC's."""
    counted = text.strip()[:4] in {"1720", "1.72"}
    assert bare(text) is not (counted or any(zone in text[10:] for zone in ("Z", "UTC", "GMT", "+", "-05:00")))
