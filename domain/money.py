"""Money: where floats become decimals, and how amounts are rounded.

Money in the database is REAL holding at most 15 significant digits, because every such number comes back exactly
(IEEE 754: DBL_DIG is 15). What we decide is refused with more digits, never cut in silence; so whatever is rounded here
fits: a step is coarsened by tens until it does. What an exchange reports has happened: it is rounded, not refused.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from functools import lru_cache

DIGITS = 15  # decimal digits that survive a round trip through a double
CENT = Decimal("1e-8")  # amounts in quote currency are rounded to this
ZERO = Decimal(0)
_EXACT = Context(prec=60)
_KEPT = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN)
_HELD = Context(prec=DIGITS, rounding=ROUND_FLOOR)


def decimal(value: float | int | str) -> Decimal:
    """The shortest decimal that reads back as `value`: ``decimal(0.1) == Decimal("0.1")``."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def quoted(value: float) -> Decimal:
    """A price of a candle as money: half to even to the digits that are kept, of the 17 that a double may show."""
    return kept(decimal(value))


def kept(value: Decimal) -> Decimal:
    """`value` to the digits that are kept, half to even."""
    return _KEPT.plus(value)


def reported(text: str) -> Decimal:
    """A number as an exchange reports it, half to even to the digits that are kept: however many it sends, it is not
    refused. Raises ValueError for what is no number.
    """
    try:
        number = kept(Decimal(text))
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is no number: the exchange's answer is read wrongly") from error
    if not number.is_finite():
        raise ValueError(f"{text!r} is not finite: the exchange's answer is read wrongly")
    return number


def held(qty: Decimal) -> Decimal:
    """What of a quantity can be kept: what only more digits could tell, below 1e-14 of it, is written off."""
    return _HELD.plus(qty)


def last_digit(value: Decimal) -> Decimal:
    """The worth of the last of the digits that are kept of `value`."""
    return Decimal(1).scaleb(value.adjusted() - DIGITS + 1)


def fitting(step: Decimal, value: Decimal) -> Decimal:
    """`step`, or the smallest of its multiples by a power of ten to which `value` can be rounded and kept."""
    coarser = value.adjusted() - DIGITS + 1 - _finest(step)
    return step.scaleb(coarser) if value and coarser > 0 else step


@lru_cache(maxsize=1024)
def _finest(step: Decimal) -> int:
    """The place of the last digit of a step that is not 0: -8 of 1e-8."""
    places = step.normalize(_EXACT)
    return places.adjusted() - len(places.as_tuple().digits) + 1


def real(value: Decimal) -> float:
    """The REAL to store for `value`; raises ValueError where more than 15 significant digits would be lost."""
    if not value.is_finite() or kept(value) != value:
        raise ValueError(f"{value} does not fit into {DIGITS} significant digits")
    return float(value)


def floor_to(value: Decimal, step: Decimal) -> Decimal:
    """The largest multiple of `step` that is not above `value`; of a coarser step where that has too many digits."""
    return _multiple(value, step, ROUND_FLOOR)


def ceil_to(value: Decimal, step: Decimal) -> Decimal:
    """The smallest multiple of `step` that is not below `value`; of a coarser step where that has too many digits."""
    return _multiple(value, step, ROUND_CEILING)


def cents(value: Decimal, cent: Decimal = CENT) -> Decimal:
    """`value` rounded to `cent`, half to even; coarser where that has too many digits."""
    return value.quantize(fitting(cent, value), ROUND_HALF_EVEN, _EXACT)


def cent_for(capital: Decimal) -> Decimal:
    """The unit to which a strategy with this capital rounds: 1e-8, coarser from a million on.

    So that ten times the capital still fits into 15 significant digits.
    """
    return CENT.scaleb(max(0, capital.adjusted() - 5))


def _multiple(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    """`value` rounded to a multiple of `step`."""
    unit = fitting(step, value)
    steps = _EXACT.divide(value, unit).quantize(Decimal(1), rounding, _EXACT)
    return _EXACT.multiply(steps, unit)
