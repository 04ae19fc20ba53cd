"""Values as people read them: times as dates, ratios as per cent, money with its thousands and sensible digits."""

import math
import re
from decimal import Decimal

from domain.dates import moment
from fleet.columns import CENTS, DAYS, DURATIONS, MONEY, RATIOS, STATISTICS, among

DIGITS = 6  # significant digits that people read; every format for programs has all of them
DAY = 10  # characters of a date, without its time
TINY = 1e-12  # below it a number has an exponent
NUMBER = re.compile(r"[+-]?[\d,]+(\.\d+)?(e-\d+)?( %| ms| [A-Z]{2,5})?|-?inf|nan")
DATE = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)?)?")


def text(name: str, value: object, quote: object = None) -> str:
    """One value of the column `name`; nothing for NULL. `quote` is the currency of the row's money, if it says so."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _figure(name, value, quote)
    return "" if value is None else str(value)


def money(value: float, quote: object = None) -> str:
    """An amount: cents of a currency that has them, else significant digits; below a cent two of these."""
    if not math.isfinite(value) or (quote is not None and not among(quote, CENTS)):
        return number(value)
    if 0 < abs(value) < 0.01:
        return number(value, 2)
    return f"{value:,.2f}"


def percent(ratio: float) -> str:
    """A ratio as per cent: 0.368 is 36.8 %."""
    return f"{100 * ratio:,.{1 if abs(ratio) >= 0.1 else 2}f} %"


def number(value: float, digits: int = DIGITS) -> str:
    """Significant digits, without an exponent where they can be read without one."""
    if not math.isfinite(value) or 0 < abs(value) < TINY:
        return f"{value:.{digits}g}"
    return f"{value:,.0f}" if abs(value) >= 10**digits else f"{Decimal(f'{value:.{digits}g}'):,f}"


def is_rigid(shown: str) -> bool:
    """Whether a text is a number or a date, or nothing: it is never broken."""
    return not shown or bool(NUMBER.fullmatch(shown) or DATE.fullmatch(shown))


def is_number(shown: str) -> bool:
    """Whether a text is a number, with its unit."""
    return bool(NUMBER.fullmatch(shown))


def _figure(name: str, value: float, quote: object) -> str:
    """A number by what its column's name says it is."""
    if name.endswith("_ms") and value > 0:
        return f"{value:,} ms" if among(name, DURATIONS) else moment(value / 1000)
    if name.endswith("timestamp") and value > 0:
        return moment(value)[: DAY if among(name, DAYS) else None]
    if among(name, RATIOS):
        return percent(value)
    if among(name, MONEY):
        return money(value, quote)
    if among(name, STATISTICS):
        return f"{value:,.2f}" if abs(value) >= 0.01 or not value else number(value, 2)
    return str(value) if isinstance(value, int) else number(value)
