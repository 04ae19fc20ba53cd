"""Numbers of spreadsheets: what a comma means is told by all of a table, and where nothing tells it nobody guesses."""

import pytest

from db.files.numbers import reading

TABLES = {
    "points": (["93000.5", "1e-7", "12"], [93000.5, 1e-7, 12.0]),
    "a fraction": (["93000,5", "0,125", "93,125", "12"], [93000.5, 0.125, 93.125, 12.0]),
    "a fraction behind thousands": (["93.000,5", "1.234.567,25", "7"], [93000.5, 1234567.25, 7.0]),
    "thousands": (["93,000.5", "93,125", "1,234,567"], [93000.5, 93125.0, 1234567.0]),
}
UNREADABLE = {
    "a point among commas": (["0,5", "93.125"], "a point where others have a comma"),
    "commas that part nothing": (["1,234.5", "12,34.5"], "could not convert|part no thousands"),
}


@pytest.mark.parametrize("name", TABLES)
def test_what_a_comma_means(name):
    """As Excel writes it in Germany and in America."""
    cells, values = TABLES[name]
    assert list(map(reading(cells), cells)) == values


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_cell_that_does_not_fit_is_none(name):
    """It costs its line."""
    cells, told = UNREADABLE[name]
    with pytest.raises(ValueError, match=told):
        reading(cells[:1])(cells[1])


@pytest.mark.parametrize("cells", [["93,125"], ["93,125", "94,250"], ["0,5", "1,234.5", "93,125"]])
def test_what_may_be_thousands_or_a_fraction_is_not_guessed(cells):
    """93,125 is 93125 in America and 93.125 in Germany."""
    with pytest.raises(ValueError, match="may part thousands or a fraction: write numbers with a point"):
        reading(cells)
