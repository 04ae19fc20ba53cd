"""Money: where floats become decimals, and how amounts are rounded.

Money in the database is REAL holding at most 15 significant digits, because every such number comes back exactly
(IEEE 754: DBL_DIG is 15). More digits are refused, never cut in silence.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal

DIGITS = 15  # decimal digits that survive a round trip through a double
CENT = Decimal("1e-8")  # amounts in quote currency are rounded to this
ZERO = Decimal(0)
_EXACT = Context(prec=60)
_KEPT = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN)


def decimal(value: float | int | str) -> Decimal:
    """The shortest decimal that reads back as `value`: ``decimal(0.1) == Decimal("0.1")``."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def quoted(value: float) -> Decimal:
    """A price of a candle as money: half to even to the digits that are kept, of the 17 that a double may show."""
    return _KEPT.plus(decimal(value))


def real(value: Decimal) -> float:
    """The REAL to store for `value`; raises ValueError where more than 15 significant digits would be lost."""
    number = value.normalize(_EXACT)
    if not number.is_finite() or len(number.as_tuple().digits) > DIGITS:
        raise ValueError(f"{value} does not fit into {DIGITS} significant digits")
    return float(number)


def floor_to(value: Decimal, step: Decimal) -> Decimal:
    """The largest multiple of `step` that is not above `value`."""
    return _multiple(value, step, ROUND_FLOOR)


def ceil_to(value: Decimal, step: Decimal) -> Decimal:
    """The smallest multiple of `step` that is not below `value`."""
    return _multiple(value, step, ROUND_CEILING)


def cents(value: Decimal, cent: Decimal = CENT) -> Decimal:
    """`value` rounded to `cent`, half to even."""
    return value.quantize(cent, ROUND_HALF_EVEN, _EXACT)


def cent_for(capital: Decimal) -> Decimal:
    """The unit to which a strategy with this capital rounds: 1e-8, coarser from a million on.

    So that ten times the capital still fits into 15 significant digits.
    """
    return CENT.scaleb(max(0, capital.adjusted() - 5))


def _multiple(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    """`value` rounded to a multiple of `step`."""
    steps = _EXACT.divide(value, step).quantize(Decimal(1), rounding, _EXACT)
    return _EXACT.multiply(steps, step)
