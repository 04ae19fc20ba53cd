"""`fleet trade`: its options, its help, and what carries it out."""

from fleet import replaying
from fleet.verbs.verb import Parser, Verb
from runtime.command import common

EXAMPLES = (
    ("fleet trade --strategy btc-bin-1h", "trade one strategy here, until Ctrl-C (repeatable)"),
    ("fleet trade --replay --from 2025-06-01", "what the strategies would have done since then"),
    ('fleet trade --replay --keep june.db --from 2025-06-01 --to "2025-06-30 23:00"', ""),
    ("fleet report --view round_trips --database june.db", "of what was kept"),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    common(parser)
    replaying.arguments(parser)


VERBS = {"trade": Verb(arguments, replaying.trade, EXAMPLES, room="trader", starts=True)}
