"""`fleet pause`, `resume`, `stop`, `start`, `exit`: what a person writes into the database to steer strategies."""

from collections.abc import Callable

from fleet import strategy_controls
from fleet.in_container import common, in_container_if_remote
from fleet.verbs.verb import Examples, Parser, Run, Verb

CONTROL = """\
Written into the database: it works within a second, whoever trades, and survives restarts. `fleet status` shows it. It
acts where workers live, here or in the containers of this folder, and says where.
"""
PAUSE = "No entries; stops, targets and exit signals go on.\n"
RESUME = "Takes back a pause. Who was stopped or disabled stays so, and 1 says that one you have named does.\n"
STOP = "Exits only, until the strategy is flat; then its trader lets it go.\n"
START = "Takes back a pause, a stop, an order to sell, and the disabling of a strategy that failed too often.\n"
EXIT = "Sells the position at the last close, without waiting for the next candle. It may enter again: pause it too.\n"
PAUSE_EXAMPLES = (
    ('fleet pause btc-bin-1h --reason "news"', ""),
    ('fleet pause --all --reason "holiday"', ""),
)
RESUME_EXAMPLES = (
    ("fleet resume btc-bin-1h", ""),
    ("fleet resume --all", ""),
)
STOP_EXAMPLES = (
    ("fleet stop btc-bin-1h", "once it has sold by its own rules"),
    ("fleet stop btc-bin-1h --flatten", "now"),
    ('fleet stop --all --flatten --reason "enough"', ""),
)
START_EXAMPLES = (
    ("fleet start btc-bin-1h", ""),
    ("fleet start --all", ""),
)
EXIT_EXAMPLES = (
    ("fleet exit btc-bin-1h", ""),
    ("fleet pause btc-bin-1h; fleet exit btc-bin-1h", "and stay out"),
    ("fleet exit --all", ""),
)


def arguments(parser: Parser) -> None:
    """Add the options that all of them have."""
    common(parser)
    parser.add_argument("strategies", nargs="*", metavar="STRATEGY", help="ids of strategies")
    parser.add_argument("--all", action="store_true", help="every enabled strategy")
    parser.add_argument("--reason", default="no reason given", help="why; shown in status and in the decisions")


def _stop_arguments(parser: Parser) -> None:
    arguments(parser)
    parser.add_argument("--flatten", action="store_true", help="sell now instead of waiting for an exit")


def _verb(run: Run, text: str, examples: Examples, add: Callable[[Parser], None] = arguments) -> Verb:
    return Verb(add, in_container_if_remote(run, changes=True), examples, text + CONTROL)


VERBS = {
    "pause": _verb(strategy_controls.pause, PAUSE, PAUSE_EXAMPLES),
    "resume": _verb(strategy_controls.resume, RESUME, RESUME_EXAMPLES),
    "stop": _verb(strategy_controls.stop, STOP, STOP_EXAMPLES, _stop_arguments),
    "start": _verb(strategy_controls.start, START, START_EXAMPLES),
    "exit": _verb(strategy_controls.exit_position, EXIT, EXIT_EXAMPLES),
}
