"""`fleet status`: its options, its help, and what carries it out."""

from fleet import in_container, reading
from fleet.verbs.options import output_format
from fleet.verbs.verb import Parser, Verb

TEXT = """\
Reads the database, nothing else: works beside a running fleet and after it. Exits with 1 when a strategy is disabled,
the series that it trades is stale or empty (not one candle yet), an exchange does not answer, or a worker goes on with
an old configuration because the new one is broken.
"""
EXAMPLES = (
    ("fleet status", ""),
    ("fleet status --all-columns", ""),
    ("fleet status --format json", "for programs"),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    in_container.common(parser)
    parser.add_argument("strategy", nargs="?", metavar="STRATEGY", help="this strategy only, and its series")
    output_format(parser)


VERBS = {"status": Verb(arguments, in_container.in_container_if_remote(reading.state), EXAMPLES, TEXT)}
