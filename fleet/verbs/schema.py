"""`fleet schema`: its options, its help, and what carries it out."""

from fleet import schema
from fleet.verbs.verb import Parser, Verb
from runtime.command import configuration

TEXT = """\
Prints the JSON Schema of fleet.yaml and of strategies/*.yaml, the kinds of your own plugins included. Editors complete
and check by the file that the first line of a YAML file names: write it again when a kind of your own is new or has
changed.
"""
EXAMPLES = (
    ("fleet schema strategy > config/schema/strategy.json", ""),
    ("fleet schema fleet > config/schema/fleet.json", ""),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    configuration(parser)
    parser.add_argument("file", choices=schema.FILES, nargs="?", help="of fleet.yaml, or of a strategy (default: both)")


VERBS = {"schema": Verb(arguments, schema.schema, EXAMPLES, TEXT)}
