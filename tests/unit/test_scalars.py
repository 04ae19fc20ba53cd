"""Scalars of a file: what is a number, what within a text, and what to write for what only looks like one."""

from decimal import Decimal

import pytest

from domain.scalars import FARTHEST, LONGEST, Number, instead, number, octal, read, within

D = Decimal


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("NULL", None), ("nUll", "nUll"),
        ("yes", True), ("Off", False), ("TRUE", True), ("tRue", "tRue"),
        ("014", D(14)), ("0o14", D(12)), ("0x1F", D(31)), ("-3.5e2", D(-350)), (".5", D("0.5")), ("5.", D(5)),
        ("1_000", "1_000"), ("1:30", "1:30"), (".inf", ".inf"), ("+0x1", "+0x1"), ("1 2", "1 2"),
    ],
)  # fmt: skip
def test_a_plain_scalar_is_what_the_core_schema_says(text, value):
    """YAML 1.2.2, section 10.3.2, and yes, no, on and off; a number keeps its text."""
    found = read(text)
    assert found == value
    assert type(found) is (Number if isinstance(value, Decimal) else type(value))
    assert not isinstance(found, Number) or str(found) == text


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (" 7 ", D(7)),
        ("1" * LONGEST, D("1" * LONGEST)),
        ("1" * (LONGEST + 1), None),
        (Number("1" * (LONGEST + 1)), D("1" * (LONGEST + 1))),
        (f"1e{FARTHEST - 1}", D(f"1e{FARTHEST - 1}")),
        (f"1e{FARTHEST}", None),
        (f"1e-{FARTHEST - 1}", D(f"1e-{FARTHEST - 1}")),
        (f"1e-{FARTHEST}", None),
        ("x", None),
        (True, None),
        (7, None),
        (None, None),
    ],
)
def test_a_value_is_a_number_up_to_each_limit(value, found):
    """Quoted or not; too long a text, or too far from the point, is none that anybody could mean."""
    assert number(value) == found


@pytest.mark.parametrize(
    ("text", "told"),
    [("014", "14"), ("-007.5", "-7.5"), ("00", "0"), ("0", None), ("0.5", None), ("10", None), ("0x10", None)],
)
def test_what_may_be_octal_is_told(text, told):
    """With what to write, and within a text it is refused."""
    assert octal(text) == (told and f"{text} may be read as octal: write {told}")
    if told:
        with pytest.raises(ValueError, match="may be read as octal"):
            within(text)
    else:
        assert within(text) == read(text)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("1_000", "; write 1000"),
        (f"1_{'0' * (LONGEST - 2)}", f"; write 1{'0' * (LONGEST - 2)}"),
        (f"1_{'0' * (LONGEST - 1)}", ""),
        ("1,000.5", "; write it without commas, a point before its fraction"),
        ("0b101", "; write 5"),
        (" 5% ", "; write 0.05"),
        ("12.50 %", "; write 0.125"),
        ("1:30", "; a number has no colons: write it in one unit, such as 90"),
        ("a,b", ""),
        ("12", ""),
        ("twelve", ""),
        (12, ""),
    ],
)
def test_what_looks_like_a_number_says_what_to_write(value, told):
    """Nothing of what is one, or looks like none."""
    assert instead(value) == told
