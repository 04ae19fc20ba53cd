"""What a verb of the `fleet` command is."""

import argparse
from collections.abc import Callable, Sequence
from typing import NamedTuple

Parser = argparse.ArgumentParser
Run = Callable[[argparse.Namespace], int]
Examples = Sequence[tuple[str, str]]  # a command line, and a remark or nothing


class Verb(NamedTuple):
    """One verb. `arguments` adds its options to a parser, `run` carries it out and returns the exit status. `text` is
    its help above the options (where it is empty, `arguments` sets it), `room` that of its logs; `starts`: whether it
    starts something.
    """

    arguments: Callable[[Parser], None]
    run: Run
    examples: Examples
    text: str = ""
    room: str = "fleet"
    starts: bool = False


def example_lines(examples: Examples) -> str:
    """Examples as lines that may be copied whole, their remarks below one another."""
    width = max((len(line) for line, remark in examples if remark), default=0)
    return "".join(f"  {line:<{width}}  # {remark}\n" if remark else f"  {line}\n" for line, remark in examples)
