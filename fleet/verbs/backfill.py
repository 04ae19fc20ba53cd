"""`fleet backfill`: its options, its help, and what carries it out."""

from backfiller import __main__ as backfiller
from fleet.verbs.verb import Parser, Verb
from runtime.command import common

EXAMPLES = (
    ("fleet backfill", "fill, then follow until Ctrl-C"),
    ("fleet backfill --once", "fill, then end; creates the database where it is missing"),
    ("fleet backfill --once --series binance:BTC/USDT:1h", "this series only (repeatable)"),
    ("fleet backfill --recheck", "ask again for whatever is missing, whatever cause was found"),
    ("fleet backfill --recheck kraken:BTC/USD:1h", "of this series; a running backfiller does it itself"),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    common(parser)
    backfiller.arguments(parser)


VERBS = {"backfill": Verb(arguments, backfiller.run, EXAMPLES, room="backfiller", starts=True)}
