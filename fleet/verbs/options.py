"""Options that several verbs have, and the numbers they take."""

import argparse
from collections.abc import Callable

from fleet.verbs.verb import Parser
from runtime.command import date, number

PROCESSES, ROWS = 200, 1_000_000  # the most that somebody may ask for


def accept(parser: Parser) -> None:
    """Add --accept."""
    parser.add_argument(
        "--accept", metavar="FLEET_ID", help="let the database of this fleet take the place of the one that lived here"
    )


def since(parser: Parser) -> None:
    """Add --since."""
    parser.add_argument("--since", type=date, metavar="DATE", help="count from here: 2025-06-01, 7d, yesterday")


def output_format(parser: Parser) -> None:
    """Add --format, --all-columns and --raw."""
    from fleet import render  # noqa: PLC0415  brings rich, which a verb without a table does not need

    parser.add_argument("--format", choices=render.FORMATS, default="table", help="(default: %(default)s)")
    parser.add_argument(
        "--all-columns",
        action="store_true",
        help="every column in the table, below one another where they do not fit; other formats always have them all",
    )
    parser.add_argument(
        "--raw", action="store_true", help="texts of a CSV as they are; without it a ' stands before =, +, - and @"
    )


def positive(text: str) -> float:
    """The type of an option: a number above 0. Raises ArgumentTypeError."""
    value = number(text, float)
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError("must be above 0 and below a million")
    return value


def whole(low: int, high: int) -> Callable[[str], int]:
    """The type of an option: a whole number between two others, both included."""

    def value(text: str) -> int:
        found = int(number(text, int))
        if not low <= found <= high:
            raise argparse.ArgumentTypeError(f"must be from {low} to {high}")
        return found

    return value
