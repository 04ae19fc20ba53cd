"""`fleet init`: its options, its help, and what carries it out."""

from fleet import starter_files
from fleet.verbs.verb import Parser, Verb
from runtime.command import local

TEXT = """\
Writes config/fleet.yaml, a strategy of each kind in config/strategies/, docker-compose.yml, .env.example, .gitignore.
Asks nothing, overwrites nothing: where one of them is there already, nothing is written.
"""
EXAMPLES = (
    ("fleet init my-fleet", "a new folder"),
    ("fleet init", "this folder"),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    parser.add_argument(
        "folder", type=local, nargs="?", default=".", metavar="DIR", help="the folder (default: this one)"
    )


VERBS = {"init": Verb(arguments, starter_files.init, EXAMPLES, TEXT)}
