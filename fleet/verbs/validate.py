"""`fleet validate`: its options, its help, and what carries it out."""

from fleet import validate
from fleet.verbs.options import output_format
from fleet.verbs.verb import Parser, Verb
from runtime.command import common

TEXT = """\
Reads config/fleet.yaml and config/strategies/*.yaml and tells every mistake at once, with its file and line. Then asks
each exchange whether it lists what the strategies trade, and proves on the stored candles that no strategy looks ahead
and that its warm-up is long enough. Changes nothing.
"""
EXAMPLES = (
    ("fleet validate", ""),
    ("fleet validate --offline", "without asking the exchanges"),
    ("fleet validate --all-columns", ""),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    common(parser)
    parser.add_argument("--offline", action="store_true", help="do not ask the exchanges what they list")
    output_format(parser)


VERBS = {"validate": Verb(arguments, validate.validate, EXAMPLES, TEXT)}
