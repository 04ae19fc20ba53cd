"""Times as files write them, and what is none: nothing is ever taken for a moment of 1970."""

import pytest

from db.files.times import moment

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
}
NONE = {
    "1.7208E+12": "a spreadsheet has rounded",
    "1.7208e9": "a spreadsheet has rounded",
    "12:30": "a time of day",
    "12:30:05": "a time of day",
    "1:30 PM": "a time of day",
    "0.520833": "older than 2009",
    "45292.5": "older than 2009",
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
