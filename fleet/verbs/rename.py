"""`fleet rename`: its options, its help, and what carries it out."""

from fleet import database_changes, in_container
from fleet.verbs.verb import Parser, Verb

TEXT = """\
An id that has decided something keeps its exchange, symbol, timeframe and mode for ever. Renaming a strategy takes its
whole history along and frees the old id: whoever has it next starts with the next candle. Refused while a trader acts
for the strategy.
"""
EXAMPLES = (
    ("fleet rename btc-bin-1h btc-rsi", ""),
    ("fleet rename btc-rsi btc-bin-1h", "and back"),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    in_container.common(parser)
    parser.add_argument("old", metavar="OLD", help="the id it has")
    parser.add_argument("new", metavar="NEW", help="an id that never traded")


VERBS = {
    "rename": Verb(
        arguments, in_container.in_container_if_remote(database_changes.rename, changes=True), EXAMPLES, TEXT
    )
}
