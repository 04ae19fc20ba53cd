"""`fleet import`: its options, its help, and what carries it out."""

from backfiller import importing
from fleet import in_container
from fleet.verbs.verb import Parser, Verb
from runtime.command import common

EXAMPLES = (
    ("fleet import binance__BTC-USDT__1h.csv.gz", ""),
    ("fleet import BTCUSDT-1h-2024-*.zip --exchange binance", "what Binance offers for download"),
    ("fleet import Kraken_OHLCVT.zip --symbol BTC/USD", "of all that it holds"),
    ("fleet import user_data/data --dry-run", "freqtrade's, of all exchanges; futures are left out"),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    common(parser)
    importing.arguments(parser)


VERBS = {"import": Verb(arguments, in_container.local_only(importing.run), EXAMPLES, room="import", starts=True)}
