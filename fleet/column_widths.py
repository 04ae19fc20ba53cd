"""A table within the width of a terminal: which columns stay, how wide each is, and where a long cell is broken.

No number is broken. Widths are in cells of a terminal: a letter of Chinese takes two.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len

GAP = 2  # cells between two columns
PROSE = 24  # cells that a text keeps, however narrow the terminal
DIGITS = frozenset("0123456789.,")
SOFT = frozenset("-_/:;|&= ")  # signs after which a word may be broken


class TableColumn(NamedTuple):
    """A column as it would be shown, with all the room it needs; numbers and dates are `rigid`."""

    name: str
    cells: Sequence[str]
    rigid: bool

    @property
    def longest(self) -> int:
        """The widest of its cells."""
        return max((cell_len(cell) for cell in self.cells), default=0)

    @property
    def least(self) -> int:
        """The narrowest it may be."""
        heading = max(cell_len(part) for part in parted(self.name))
        return max(heading, self.longest if self.rigid else min(self.longest, PROSE))


def fitted(columns: Sequence[TableColumn], order: Sequence[str], width: int | None) -> dict[str, int]:
    """The columns that stay, in their own order, with their widths; None: there is room for everything.

    Of those that do not fit, the ones at the end of `order` (most important first) go. One always stays.
    """
    if width is None:
        return {each.name: max(each.longest, cell_len(each.name)) for each in columns}
    named = {each.name: each for each in columns}
    room, widths = width + GAP, dict[str, int]()
    for column in (named[name] for name in order):
        if column.least + GAP <= room or not widths:
            widths[column.name] = min(column.least, width)
            room -= column.least + GAP
    for wanted in ({name: each.longest for name, each in named.items()}, {name: cell_len(name) for name in named}):
        room = _widened(widths, wanted, room)
    return {each.name: widths[each.name] for each in columns if each.name in widths}


def _widened(widths: dict[str, int], wanted: Mapping[str, int], room: int) -> int:
    """Give room to columns that want it, the most important first; what is left of it."""
    for name, has in widths.items():
        more = max(0, min(wanted[name] - has, room))
        widths[name] += more
        room -= more
    return room


def parted(name: str) -> list[str]:
    """A heading in the parts that may stand below one another: ``total_``, ``pnl``."""
    return re.findall(r".*?[_ ]+|.+", name, re.DOTALL) or [""]


def heading(name: str, width: int) -> list[str]:
    """A heading in as few lines as fit."""
    found = [""]
    for part in parted(name):
        if cell_len(found[-1] + part) > width and found[-1]:
            found.append("")
        found[-1] += part
    return found


def lines(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` cells, broken between words, else after a sign, never inside a number that
    fits in a line.
    """
    found = []
    while cell_len(text) > width:
        end = _end(text, width)
        found.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*found, text]


def cropped(text: str, width: int) -> str:
    """The first words of a text, and that it goes on."""
    return text if cell_len(text) <= width else f"{lines(text, max(1, width - 2))[0]} …"


def _end(text: str, width: int) -> int:
    """Where the first line of a text ends."""
    most = next(end for end in range(len(text), 0, -1) if cell_len(text[:end]) <= width or end == 1)
    space = text.rfind(" ", 1, most + 1)
    if space > 0:
        return space
    ends = [end for end in range(1, most + 1) if not (text[end - 1] in DIGITS and text[end] in DIGITS)]
    return max((end for end in ends if text[end - 1] in SOFT), default=max(ends, default=most))


def left_out(names: Sequence[str], more: str, width: int | None) -> str:
    """The names of columns that are left out, as many as one line takes, and how to see them."""
    for shown in range(len(names), -1, -1):
        rest = len(names) - shown
        left_out = [*names[:shown], *([f"{rest} more" if shown else f"{rest} columns"] if rest else [])]
        line = f"left out: {', '.join(left_out)} ({more})"
        if width is None or cell_len(line) <= width:
            break
    return line
