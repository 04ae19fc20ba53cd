"""`fleet trades`: its options, its help, and what carries it out."""

from fleet import in_container, trades
from fleet.verbs.options import output_format, since
from fleet.verbs.verb import Parser, Verb

TEXT = """\
Lists round trips, the newest first: when and why they were closed, how long they were held, what they brought. Below
them stands what is open, marked at the last decided close. Other formats have every column of the view round_trips.
"""
EXAMPLES = (
    ("fleet trades", "of the whole fleet"),
    ("fleet trades btc-bin-1h --since 7d", "closed in the last seven days"),
    ("fleet trades --open", "what is held now"),
    ("fleet trades btc-bin-1h --format csv > trades.csv", ""),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    in_container.common(parser)
    parser.add_argument("strategy", nargs="?", metavar="STRATEGY", help="this strategy only")
    parser.add_argument("--open", action="store_true", help="only what is open now")
    since(parser)
    output_format(parser)


VERBS = {"trades": Verb(arguments, in_container.in_container_if_remote(trades.trades), EXAMPLES, TEXT)}
