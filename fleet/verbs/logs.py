"""`fleet logs`: its options, its help, and what carries it out."""

from fleet import in_container, logs
from fleet.verbs.options import ROWS, whole
from fleet.verbs.verb import Parser, Verb

TEXT = """\
Shows what the workers of a fleet wrote down, in the order in which it happened: from the files of `fleet up` beside the
database, or from the containers of this folder. With a strategy's id only what is about it, whoever traded it.
"""
EXAMPLES = (
    ("fleet logs", "the newest lines of all workers"),
    ("fleet logs btc-bin-1h --tail 1000", "of one strategy, whoever traded it"),
    ("fleet logs --follow", "until Ctrl-C"),
    ("fleet logs --raw > logs.json", ""),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    in_container.common(parser)
    parser.add_argument("strategy", nargs="?", metavar="STRATEGY", help="only what is about it (default: everything)")
    parser.add_argument("--follow", "-f", action="store_true", help="go on as lines come, until Ctrl-C")
    parser.add_argument(
        "--tail", type=whole(0, ROWS), default=100, metavar="N", help="lines to begin with (default: %(default)s)"
    )
    parser.add_argument("--raw", action="store_true", help="lines as they were written: JSON")


VERBS = {"logs": Verb(arguments, logs.logs, EXAMPLES, TEXT)}
