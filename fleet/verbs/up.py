"""`fleet up`: its options, its help, and what carries it out."""

from fleet import up
from fleet.verbs.options import PROCESSES, accept, whole
from fleet.verbs.verb import Parser, Verb
from runtime.command import common

TEXT = """\
Starts the backfiller and the traders as processes of this machine, restarts what dies, and shows what they do until
Ctrl-C or SIGTERM. Public data only, paper money only. Their logs are beside the database, in logs/.

A broken file ends it with 2 on a terminal. Off one, as after a power cut, and with --last-good it starts with what was
good before, and `fleet status` says so. A process that needs a person holds up no other: it is tried again when a file
changes, and every minute.
"""
EXAMPLES = (
    ("fleet up", "until Ctrl-C"),
    ("fleet up --traders 1", "fewer processes than are configured"),
    ("fleet up --last-good", "although a file is broken"),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    common(parser)
    parser.add_argument(
        "--traders", type=whole(1, PROCESSES), metavar="N", help="trader processes (default: as configured)"
    )
    accept(parser)
    parser.add_argument("--last-good", action="store_true", help="start although a file is broken, with what was good")


VERBS = {"up": Verb(arguments, up.up, EXAMPLES, TEXT, starts=True)}
