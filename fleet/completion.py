"""Completion in a shell: `fleet completion SHELL` prints what asks; the parsers of the verbs answer at each TAB."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from argcomplete.finders import CompletionFinder
from argcomplete.shell_integration import shellcode

from config import environment, fallback, files
from runtime.output import say

SHELLS = ("bash", "zsh", "fish")
IDS = {"STRATEGY", "ID", "OLD"}  # what stands for the id of a strategy in the help of a verb


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
        if action.metavar in IDS:
            action.completer = _ids
    positionals = any(not action.option_strings for action in actions)
    CompletionFinder()(top, always_complete_options=False if positionals or not named else "long")


def _ids(parsed_args: argparse.Namespace, **_: Any) -> Iterator[str]:
    """The ids of strategies, of whatever can be read of the files: nothing here may hold up who is typing."""
    folder = Path(getattr(parsed_args, "config", None) or environment.directory())
    for name, text in files.read(folder).texts.items():
        if name != files.FLEET:
            yield from fallback.ids_of(text)
