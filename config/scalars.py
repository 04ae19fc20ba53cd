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
