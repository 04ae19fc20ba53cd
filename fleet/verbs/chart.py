"""`fleet chart`: its options, its help, and what carries it out."""

from fleet import chart, in_container
from fleet.verbs.options import since
from fleet.verbs.verb import Parser, Verb

TEXT = """\
Draws the price of a strategy with its entries and exits, and its equity below: in the terminal, as wide as it is, or as
a file that a browser opens without a network, on light and dark. Of thousands of candles as many stretches are shown as
there is room for, each with its lowest and highest price. Times are UTC. A file that is there already is replaced.
"""
EXAMPLES = (
    ("fleet chart btc-bin-1h", ""),
    ("fleet chart btc-bin-1h --since 7d", ""),
    ("fleet chart btc-bin-1h --out chart.html", "for a browser"),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    in_container.common(parser)
    parser.add_argument("strategy", metavar="STRATEGY", help="its id")
    since(parser)
    parser.add_argument(
        "--out", type=chart.out, metavar="FILE", help="keep it as FILE.svg or FILE.html, of this machine"
    )
    parser.add_argument("--format", choices=chart.FORMATS, default=chart.FORMATS[0], help="(default: %(default)s)")


VERBS = {"chart": Verb(arguments, chart.filed(in_container.in_container_if_remote(chart.drawn)), EXAMPLES, TEXT)}
