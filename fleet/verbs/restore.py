"""`fleet restore`: its options, its help, and what carries it out."""

from fleet import backups, in_container
from fleet.verbs.options import accept
from fleet.verbs.verb import Parser, Verb
from runtime.command import local

TEXT = """\
Puts a backup in the place of the database. Stop the fleet first. The backup is checked: damaged ones, those of another
fleet, and files whose schema this program would not make are refused. What is replaced is kept beside it.
"""
EXAMPLES = (
    ("fleet restore ~/backups/2025-06-01.db", ""),
    ("fleet restore ~/backups/2025-06-01.db --database look.db", "into a file apart, to look at it"),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    in_container.common(parser)
    parser.add_argument("file", type=local, metavar="FILE", help="a backup")
    accept(parser)


VERBS = {
    "restore": Verb(
        arguments,
        in_container.in_container_if_remote(backups.restore_backup, changes=True, makes=True, followed=False),
        EXAMPLES,
        TEXT,
    )
}
