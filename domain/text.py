"""Text from outside, as it may be shown: what would steer a terminal or turn the line around stands there as text."""

import re

STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters, the escape of ANSI sequences among them
    "\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # invisible, bidi, line separators
    "\ud800-\udfff\U000e0000-\U000e007f]"  # halves of a character, which no terminal can be sent; invisible tags
)
LAYOUT = "\n\t"


def is_text(text: str) -> bool:
    """Whether it can be written as UTF-8. What Python reads from bytes that are none cannot."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def visible(text: str, *, lines: bool = False) -> str:
    r"""`text` with control characters, bidi marks and line separators spelled out, such as ``\x1b`` and ``\u202e``.

    With `lines` its own line breaks and tabs stay.
    """
    return STEERING.sub(lambda found: found[0] if lines and found[0] in LAYOUT else _spelled(found[0]), text)


def _spelled(sign: str) -> str:
    """One character as Python would write it."""
    code = ord(sign)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def counted(number: int, noun: str) -> str:
    """A number with its noun, which is given in the singular: 1 trade, 2 trades, 1,000 strategies."""
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else many}"
