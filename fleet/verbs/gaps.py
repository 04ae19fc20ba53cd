"""`fleet gaps`: its options, its help, and what carries it out."""

from fleet import in_container, reading
from fleet.verbs.options import output_format
from fleet.verbs.verb import Parser, Verb

TEXT = """\
Every range of missing candles with its cause: not_fetched, no_trades, outage, not_offered, before_listing, delisted,
rejected (docs/metrics.md).
"""
EXAMPLES = (
    ("fleet gaps", ""),
    ("fleet gaps --format csv > gaps.csv", ""),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    in_container.common(parser)
    output_format(parser)


VERBS = {"gaps": Verb(arguments, in_container.in_container_if_remote(reading.gaps), EXAMPLES, TEXT)}
