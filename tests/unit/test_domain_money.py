"""Money: floats become decimals, and amounts are rounded to what can be kept; each rule worked by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.money import ceil_to, cent_for, cents, decimal, fitting, floor_to, held, kept, last_digit, quoted, real

D = Decimal


@pytest.mark.parametrize(("value", "found"), [(0.1, "0.1"), (1e-7, "1e-7"), (3, "3"), ("0.10", "0.10"), (1e22, "1e22")])
def test_a_float_is_the_shortest_decimal_that_reads_back(value, found):
    """0.1 is a tenth."""
    assert decimal(value) == D(found)


@pytest.mark.parametrize(
    ("value", "nearest", "below"),
    [
        ("0.1234567890123445", "0.123456789012344", "0.123456789012344"),
        ("0.1234567890123455", "0.123456789012346", "0.123456789012345"),
        ("1234567890123456", "1234567890123460", "1234567890123450"),
        ("-0.9999999999999999", "-1", "-1"),
        ("2.5", "2.5", "2.5"),
    ],
)
def test_fifteen_digits_are_kept(value, nearest, below):
    """Of money half to even, of coins never more than there are."""
    assert (kept(D(value)), held(D(value))) == (D(nearest), D(below))


@pytest.mark.parametrize(
    ("value", "digit"), [("1", "1e-14"), ("9.99", "1e-14"), ("10", "1e-13"), ("64321.12", "1e-10"), ("5e-9", "1e-23")]
)
def test_the_last_digit_is_the_fifteenth(value, digit):
    """Whatever zeros follow the others."""
    assert last_digit(D(value)) == D(digit)


@pytest.mark.parametrize(
    ("step", "value", "found"),
    [
        ("0.01", "9999999999999.99", "0.01"),  # 15 digits
        ("0.01", "10000000000000", "0.1"),
        ("0.25", "1000000000000", "0.25"),
        ("0.25", "10000000000000", "2.5"),
        ("0.250", "10000000000000", "2.5"),
        ("100", "1e16", "100"),
        ("100", "1e17", "1e3"),
        ("0.01", "0", "0.01"),
        ("0.01", "-10000000000000", "0.1"),
    ],
)
def test_a_step_coarsens_by_tens_until_a_value_fits(step, value, found):
    """Not before."""
    assert fitting(D(step), D(value)) == D(found)


@pytest.mark.parametrize(("capital", "cent"), [
    ("1", "1e-8"), ("0.5", "1e-8"), ("999999.99", "1e-8"), ("1000000", "1e-7"), ("9999999", "1e-7"), ("1e9", "1e-4"),
])  # fmt: skip
def test_the_cent_of_a_capital_has_room_for_ten_times_as_much(capital, cent):
    """It is coarser from a million on; ten times the capital has 15 digits of it."""
    assert cent_for(D(capital)) == D(cent)
    assert fitting(cent_for(D(capital)), 10 * D(capital)) == D(cent)


@pytest.mark.parametrize(
    ("value", "found"), [("0.000000005", "0"), ("0.000000015", "2e-8"), ("-0.000000025", "-2e-8"), ("7", "7")]
)
def test_cents_are_rounded_half_to_even(value, found):
    """To 1e-8."""
    assert cents(D(value)) == D(found)


@given(some.integers(-(10**14), 10**14), some.integers(-8, 0), some.integers(1, 10**6), some.integers(-8, 2))
def test_a_multiple_of_a_step_is_the_nearest_on_its_side(number, places, steps, scale):
    """In exact arithmetic: not beyond the value, and less than one step away from it."""
    value, step = D(number).scaleb(places), D(steps).scaleb(scale)
    unit = fitting(step, value)
    below, above = floor_to(value, step), ceil_to(value, step)
    assert below % unit == above % unit == 0
    assert below <= value <= above
    assert value - below < unit > above - value


@pytest.mark.parametrize("value", ["NaN", "Infinity", "0.1234567890123456", "1234567890123456"])
def test_what_does_not_fit_is_refused(value):
    """Never cut in silence; zeros at the end are no digits."""
    with pytest.raises(ValueError, match="15 significant digits"):
        real(D(value))
    assert real(D("1234567890123450000")) == 1234567890123450000.0


@given(some.integers(-(10**15) + 1, 10**15 - 1), some.integers(-30, 30))
def test_what_fits_comes_back_as_it_was(number, places):
    """From the REAL of the database, to the last digit; a candle's price as well."""
    value = D(number).scaleb(places)
    assert decimal(real(value)) == quoted(real(value)) == value
