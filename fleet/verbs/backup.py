"""`fleet backup`: its options, its help, and what carries it out."""

from fleet import backups, in_container
from fleet.verbs.verb import Parser, Verb
from runtime.command import local

TEXT = """\
Copies the whole database as it is at this moment, beside a running fleet, and checks the copy before it gets its name.
Never use cp: what was written last lies in trading.db-wal. The file is yours alone, or your group's in its folder.
It replaces nothing.
"""
EXAMPLES = (
    ("fleet backup ~/backups/2025-06-01.db", ""),
    ("fleet backup ~/backups/$(date +%F).db", "a file a day"),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    in_container.common(parser)
    parser.add_argument("file", type=local, metavar="FILE", help="a new file, where the database is: in its container")


VERBS = {
    "backup": Verb(
        arguments, in_container.in_container_if_remote(backups.back_up, changes=True, followed=False), EXAMPLES, TEXT
    )
}
