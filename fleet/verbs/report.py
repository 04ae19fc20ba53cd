"""`fleet report`: its options, its help, and what carries it out."""

from fleet import in_container, reading
from fleet.verbs.options import output_format, since
from fleet.verbs.verb import Parser, Verb

TEXT = """\
Prints a view of the database; docs/metrics.md defines every column. `fleet sql` and any SQL client that opens the
file read-only read the same views.
"""
EXAMPLES = (
    ("fleet report", ""),
    ("fleet report --since 7d", "of the last seven days"),
    ("fleet report --view monthly_returns --strategy btc-bin-1h", ""),
    ("fleet report btc-bin-1h --all-columns", ""),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    in_container.common(parser)
    parser.add_argument("strategies", nargs="*", metavar="STRATEGY", help="these strategies only (default: every one)")
    parser.add_argument("--strategy", action="append", default=[], metavar="ID", help="the same, as an option")
    since(parser)
    parser.add_argument(
        "--view", choices=reading.VIEWS, default="strategy_performance", help="another report (default: %(default)s)"
    )
    output_format(parser)


VERBS = {"report": Verb(arguments, in_container.in_container_if_remote(reading.report), EXAMPLES, TEXT)}
