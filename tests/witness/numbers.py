"""Money, steps and digits, as the semantics have them."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

SMALLEST = Decimal("1e-8")  # of money and of fees in coins


def exact(value: float) -> Decimal:
    """The decimal number that was written, such as 0.1 for the float nearest to it."""
    return Decimal(repr(value))


def unit(capital: Decimal) -> Decimal:
    """What money is kept to: 1e-8, coarser from a capital of a million on, so that ten times it has 15 digits."""
    return max(SMALLEST, Decimal(1).scaleb(capital.adjusted() - 13))


def fitting(step: Decimal, value: Decimal) -> Decimal:
    """A step, coarsened by tens until the value has at most 15 digits on it."""
    while abs(value) / step >= 10**15:
        step = step.scaleb(1)
    return step


def kept(value: Decimal, step: Decimal) -> Decimal:
    """An amount of money to its unit, a half to the even side."""
    return value.quantize(step, ROUND_HALF_EVEN)


def down(value: Decimal, step: Decimal) -> Decimal:
    """The largest multiple of the step that is not above the value."""
    return (value / step).to_integral_value(ROUND_FLOOR) * step


def up(value: Decimal, step: Decimal) -> Decimal:
    """The smallest multiple of the step that is not below the value."""
    return (value / step).to_integral_value(ROUND_CEILING) * step


def ten_digits(value: float, largest: float) -> float:
    """An indicator's value to 10 significant digits; 0 where it is below 1e-10 of the largest magnitude around it."""
    return float(f"{value:.9e}") if abs(value) >= 1e-10 * largest else 0.0
