"""`fleet demo`: its options, its help, and what carries it out."""

from fleet import demo
from fleet.verbs.options import PROCESSES, positive, whole
from fleet.verbs.verb import Parser, Verb
from runtime.command import common, local

TEXT = """\
Starts a simulated exchange on this machine whose clock runs 600 times as fast, a backfiller and two traders, shows
what they do, stops after a minute (or Ctrl-C), and prints the report. The database of the demo before is replaced.
Its clock begins on 2025-03-31 00:00, or where --replay has so much data left, and waits at each close until every
strategy has decided: one --seed decides the same on every machine. With --fault it waits for nobody.
"""
FAULT = (
    "have the simulated exchanges fail, such as limited:binance,count=5 (names: python -m exchange.simulated --help)"
)
EXAMPLES = (
    ("fleet demo", ""),
    ("fleet demo --seconds 20 --seed 7", "shorter, with other prices"),
    ("fleet demo --fault broken:binance,share=0.1", "every tenth answer of one exchange fails: watch it cope"),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    common(parser)
    parser.set_defaults(config=demo.SHIPPED)
    parser.add_argument(
        "--seconds",
        type=positive,
        default=60.0,
        help="stop after so many seconds of a clock that never waits (default: 60)",
    )
    parser.add_argument("--speed", type=positive, default=600.0, help="candle seconds per second (default: 600)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other prices (default: 1)")
    parser.add_argument(
        "--traders", type=whole(1, PROCESSES), metavar="N", help="trader processes (default: as configured)"
    )
    parser.add_argument("--fault", action="append", default=[], metavar="FAULT", help=FAULT)
    parser.add_argument(
        "--replay", type=local, nargs="+", metavar="PATH", help="candle files to serve instead of a walk"
    )


VERBS = {"demo": Verb(arguments, demo.demo, EXAMPLES, TEXT, starts=True)}
