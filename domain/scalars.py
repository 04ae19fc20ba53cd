"""Scalars of YAML 1.2's core schema: what a plain text stands for. A number keeps the text it was written as.

The expressions are those of the YAML 1.2.2 specification, section 10.3.2: ``014`` is fourteen, ``3e1`` is thirty, and
``1:30``, ``1_000`` and dates are texts. Beyond it ``yes``, ``no``, ``on`` and ``off`` are truth values; ``.inf`` and
``.nan`` are texts, because no key can hold them.
"""

import re
from decimal import Decimal

LONGEST = 100  # characters of a number
FARTHEST = 1_000  # digits before or behind the point: what is farther away spells out gigabytes
DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,10})?")
BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
NULL = frozenset({"", "~", "null", "Null", "NULL"})
TRUTH = {
    spelt: truth
    for word, truth in {"true": True, "false": False, "yes": True, "no": False, "on": True, "off": False}.items()
    for spelt in (word, word.capitalize(), word.upper())
}
UNDERSCORED = re.compile(r"[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?")
SEXAGESIMAL = re.compile(r"[-+]?[0-9]+(?::[0-5]?[0-9])+(?:\.[0-9]*)?")
BINARY = re.compile(r"0b[01]+")
PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*%")
ZEROS = re.compile(r"([-+]?)0+(?=[0-9])([0-9.]*)(.*)", re.DOTALL)  # before other digits
WITHIN = r"[-+]?\.?[0-9][-+.\w,%]{0,97}?"  # what may be meant as a number within a text, as short as the rest allows


class Number(Decimal):
    """A number of a file, exact. Its text is what stands there: an id ``010`` is "010", not "10"."""

    text: str

    def __new__(cls, text: str) -> "Number":
        """The number of a text that `DECIMAL` or `BASED` matches."""
        made = super().__new__(cls, int(text, 0) if BASED.fullmatch(text) else text)
        made.text = text
        return made

    def __str__(self) -> str:
        return self.text


def read(text: str) -> Number | bool | str | None:
    """What a plain scalar stands for."""
    if text in NULL:
        return None
    if text in TRUTH:
        return TRUTH[text]
    return Number(text) if DECIMAL.fullmatch(text) or BASED.fullmatch(text) else text


def number(value: object) -> Decimal | None:
    """The number that a value is, quoted or not; None where it is none, or one that nobody could mean."""
    if isinstance(value, str):
        value = read(value.strip()) if len(value) <= LONGEST else None
    return value if isinstance(value, Number) and abs(value.adjusted()) < FARTHEST else None


def within(text: str) -> Decimal:
    """The number that a part of a text is, such as the 14 of ``rsi(14)`` and the 6 of ``6h``. Raises ValueError, which
    says what to write.
    """
    found = number(text)
    if found is None or octal(text):
        raise ValueError(octal(text) or f"{text} is no number{instead(text)}")
    return found


def octal(text: str) -> str | None:
    """What to write for a number like 014, None for others: within a text it may be twelve, as in C and in YAML 1.1;
    the whole value of a key is fourteen.
    """
    found = ZEROS.fullmatch(text)
    return f"{text} may be read as octal: write {''.join(found.groups())}" if found else None


def instead(value: object) -> str:
    """What to write for a text that looks like a number and is none; nothing where it does not look like one."""
    text = value.strip() if isinstance(value, str) and len(value) <= LONGEST and number(value) is None else ""
    if UNDERSCORED.fullmatch(text):
        return f"; write {text.replace('_', '')}"
    if "," in text and DECIMAL.fullmatch(re.sub("[.,]", "", text)):
        return "; write it without commas, a point before its fraction"
    if BINARY.fullmatch(text):
        return f"; write {int(text, 0)}"
    if found := PERCENT.fullmatch(text):
        return f"; write {Decimal(found[1]).scaleb(-2).normalize():f}"
    if SEXAGESIMAL.fullmatch(text):
        return "; a number has no colons: write it in one unit, such as 90"
    return ""
