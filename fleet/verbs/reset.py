"""`fleet reset`: its options, its help, and what carries it out."""

from fleet import database_changes, in_container
from fleet.verbs.verb import Parser, Verb

TEXT = """\
Begins a strategy on paper anew: with its capital, under its configuration, from the next candle on. What it did until
now stays under another id (ID~1, then ID~2...), which reports call removed. No candle is decided twice. It works beside
a running fleet, and is refused while the strategy holds a position. A pause or stop of it remains.
"""
EXAMPLES = (
    ("fleet reset btc-bin-1h", ""),
    ("fleet pause btc-bin-1h; fleet exit btc-bin-1h; fleet reset btc-bin-1h; fleet resume btc-bin-1h", ""),
    ("fleet report --strategy btc-bin-1h~1", "how the one before it did"),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    in_container.common(parser)
    parser.add_argument("strategy", metavar="STRATEGY", help="its id")


VERBS = {
    "reset": Verb(arguments, in_container.in_container_if_remote(database_changes.reset, changes=True), EXAMPLES, TEXT)
}
