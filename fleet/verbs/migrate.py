"""`fleet migrate`: its options, its help, and what carries it out."""

from fleet import database_changes
from fleet.verbs.options import accept
from fleet.verbs.verb import Parser, Verb
from runtime.command import common, local

TEXT = """\
Creates the database where it is missing and brings it to the schema of this program. Any number of processes may do it
at the same time. Workers never do it by themselves.
"""
EXAMPLES = (
    ("fleet migrate", ""),
    ("fleet migrate --clock data/dry-clock.json", "on the time of a simulated exchange (docs/architecture.md)"),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    common(parser)
    parser.add_argument(
        "--clock", type=local, metavar="FILE", help="candle time of a simulated exchange (its --clock FILE)"
    )
    accept(parser)


VERBS = {"migrate": Verb(arguments, database_changes.migrate, EXAMPLES, TEXT)}
