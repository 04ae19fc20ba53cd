"""The command line of `fleet`: one verb for everything that a person does with a fleet."""

import argparse
from collections.abc import Sequence
from typing import Any

from config import environment
from fleet import release, verbs
from fleet.verbs.verb import Examples, example_lines
from runtime import command
from runtime.output import exit_status

FIRST_STEPS: Examples = (
    ("fleet demo", "watch a fleet trade on a simulated exchange: no account, no key, no internet"),
    ("fleet init my-fleet", "make a folder with a configuration to start from"),
    ("fleet validate", "check config/fleet.yaml and config/strategies/*.yaml, and say what would not trade"),
    ("fleet up", "real exchanges, public data, paper money, until Ctrl-C"),
    ("fleet status", "what every worker, series and strategy is doing"),
    ("fleet report", "how every strategy performed"),
)
DESCRIPTION = f"""\
A fleet of crypto trading bots on one shared database.

first steps:
{example_lines(FIRST_STEPS)}"""
STATUSES = "exit status: 0 done, 1 failed or incomplete, 2 wrong configuration or command line, 130 interrupted"


class _Parser(command.Parser):
    """The parser of a verb. The verb is loaded when it is named: a look at a fleet from inside a container must not
    load every library that any verb needs (158 MB beside a trader of 54).
    """

    verb: str | None = None

    def filled(self) -> None:
        """Add the verb's options and its help, once."""
        if self.verb is not None:
            verb, self.verb = verbs.load(self.verb), None
            self.description = verb.text
            self.epilog = f"examples:\n{example_lines(verb.examples)}\n{STATUSES}"
            verb.arguments(self)
            self.set_defaults(run=verb.run, room=verb.room, starts=verb.starts)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """What the base class does, after the options were added."""
        self.filled()
        return super().parse_known_args(args, namespace)


def main(words: Sequence[str]) -> int:
    """Carry out what somebody has typed; returns the exit status. Where a shell asks, say how the line may go on."""
    line = environment.completing()
    if line is not None:
        from fleet import completion  # noqa: PLC0415  only shells need it

        completion.answer(parser(line.split()), line)
    return exit_status(lambda: _carried_out(list(words)))


def _carried_out(words: list[str]) -> int:
    options = parser().parse_args(words, argparse.Namespace(words=words))
    return command.guarded(options.room, options.run, options, starts=options.starts)


def parser(named: Sequence[str] = ()) -> argparse.ArgumentParser:
    """All verbs; those that are `named` with their options."""
    documents = release.documents()
    epilog = f"documents: {documents}\n\n{STATUSES}" if documents else STATUSES
    top = _Parser(prog="fleet", description=DESCRIPTION, epilog=epilog)
    top.add_argument("--version", action=release.Version)
    subparsers = top.add_subparsers(metavar="VERB", required=True, parser_class=_Parser)
    for name, listed in verbs.VERBS.items():
        made = subparsers.add_parser(name, help=listed.summary)
        made.verb = name
        if name in named:
            made.filled()
    return top
