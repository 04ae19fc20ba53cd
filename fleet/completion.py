"""Completion in a shell: `fleet completion SHELL` prints what asks; the parsers of the verbs answer at each TAB."""

import argparse
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from argcomplete.finders import CompletionFinder
from argcomplete.shell_integration import shellcode

from config import environment, fallback, queries
from db.reading import query
from domain.errors import FleetError
from runtime.output import say

SHELLS = ("bash", "zsh", "fish")


def completion(options: argparse.Namespace) -> int:
    """Print what a shell has to read."""
    say(shellcode(["fleet"], shell=options.shell), end="")
    return 0


def answer(top: argparse.ArgumentParser, line: str) -> None:
    """Write how a line may go on to a shell that asks, and end the process. The verb that it names has its options."""
    words = line.split()
    verbs: Any = next(each for each in top._actions if isinstance(each, argparse._SubParsersAction))  # noqa: SLF001
    named = [made for name, made in verbs.choices.items() if name in words]
    actions = [action for made in named for action in made._actions]  # noqa: SLF001
    for action in actions:
        if action.metavar in WORDS:
            action.completer = WORDS[action.metavar]
    positionals = any(not action.option_strings for action in actions)
    CompletionFinder()(top, always_complete_options=False if positionals or not named else "long")


def _ids(parsed_args: argparse.Namespace, **_: Any) -> Iterator[str]:
    """The ids of strategies, of whatever can be read of the files: nothing here may hold up who is typing."""
    yield from fallback.ids_in(_folder(parsed_args))


def _questions(parsed_args: argparse.Namespace, **_: Any) -> Iterator[str]:
    """What `fleet sql` knows by name: tables, views, saved questions."""
    with suppress(FleetError):
        yield from queries.saved(_folder(parsed_args))
    yield from (each["name"] for each in query.contents())


def _folder(options: argparse.Namespace) -> Path:
    """The folder of the configuration; words before it may be wrong, so that nothing of them was read."""
    return Path(getattr(options, "config", None) or environment.directory())


WORDS = {"STRATEGY": _ids, "ID": _ids, "OLD": _ids, "QUERY": _questions}  # by what stands for a word in the help
