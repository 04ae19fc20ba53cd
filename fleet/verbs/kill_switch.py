"""`fleet kill-switch`: its options, its help, and what carries it out."""

import argparse

from fleet import in_container, kill_switch
from fleet.verbs.verb import Parser, Run, Verb

TEXT = """\
On: no trader enters any more, whatever the timeframe; protective stops and exits go on. It is a file beside the
database (trading.db.halt), which every write transaction of a trader looks at, so it works while somebody holds the
lock. Where workers live here and in containers of this folder, it is turned on in both. Off: a person takes it back.
"""
EXAMPLES = (
    ('fleet kill-switch on --reason "holiday"', ""),
    ("fleet kill-switch", "how it stands"),
    ("fleet kill-switch off", ""),
)
RUNS: dict[str | None, Run] = {
    "on": in_container.everywhere(kill_switch.kill_switch),
    "off": in_container.in_container_if_remote(kill_switch.kill_switch, changes=True),
    None: in_container.in_container_if_remote(kill_switch.state),
}


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    in_container.common(parser)
    choices = "on: no entries; off: take it back; without a word: how it stands"
    parser.add_argument("switch", choices=("on", "off"), nargs="?", help=choices)
    parser.add_argument("--reason", default="no reason given", help="why")


def _run(options: argparse.Namespace) -> int:
    return RUNS[options.switch](options)


VERBS = {"kill-switch": Verb(arguments, _run, EXAMPLES, TEXT)}
