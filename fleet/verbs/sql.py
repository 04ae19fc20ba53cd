"""`fleet sql`: its options, its help, and what carries it out."""

from fleet import in_container, querying
from fleet.verbs.options import ROWS, output_format, positive, whole
from fleet.verbs.verb import Parser, Verb

TEXT = """\
Answers a query over the database, beside a running fleet, on this machine or in containers. It can only read; without
a query it lists every table, view and saved question with what it is for. A question is saved as a file of one SELECT
in config/queries/, under a comment that says what it answers.
"""
PARAM = "what stands for :NAME in the query (repeatable)"
EXAMPLES = (
    ("fleet sql", "what may be asked for"),
    ("fleet sql leaderboard", "a view"),
    ("fleet sql best-months --format csv", "a saved question"),
    ('fleet sql "select strategy_id, total_pnl from strategy_performance order by total_pnl desc limit 5"', ""),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    in_container.common(parser)
    parser.add_argument("query", nargs="*", metavar="QUERY", help="a SELECT, or the name of a table, view or question")
    parser.add_argument("--param", type=querying.param, action="append", default=[], metavar="NAME=VALUE", help=PARAM)
    parser.add_argument(
        "--rows", type=whole(1, ROWS), default=10_000, metavar="N", help="at most so many (default: 10000)"
    )
    parser.add_argument("--seconds", type=positive, default=10.0, help="of computing, at most (default: 10)")
    output_format(parser)


VERBS = {"sql": Verb(arguments, in_container.in_container_if_remote(querying.sql), EXAMPLES, TEXT)}
