"""`fleet why`: its options, its help, and what carries it out."""

from fleet import in_container, why
from fleet.verbs.options import output_format, since
from fleet.verbs.verb import Parser, Verb

TEXT = """\
Counts the decisions of a strategy by their reason, shows the newest of each with what it saw, how the strategy stands
now, and what to do where that is obvious. The counts survive retention; sentences are there as long as their decisions
are kept. docs/metrics.md has every code.
"""
EXAMPLES = (
    ("fleet why btc-bin-1h", ""),
    ("fleet why btc-bin-1h --since 7d", ""),
    ("fleet why btc-bin-1h --format json", ""),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    in_container.common(parser)
    parser.add_argument("strategy", metavar="STRATEGY", help="its id")
    since(parser)
    output_format(parser)


VERBS = {"why": Verb(arguments, in_container.in_container_if_remote(why.why), EXAMPLES, TEXT)}
