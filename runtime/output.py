"""The one door by which text reaches a terminal: what came from outside cannot steer it.

Every verb prints through here. Control characters, bidi marks and line separators are shown as text (`domain.text`); a
table's cells are made by `fleet.render`. A reader that goes away (`fleet status | head`) ends the process in silence.
"""

import os
import signal
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from domain.secrets import hidden
from domain.text import visible

if TYPE_CHECKING:
    from rich.console import Console

GONE = 128 + signal.SIGPIPE  # exit status of a process whose reader has gone, as a shell tells it
WIDE = 1_000  # columns of a table that is not printed on a terminal


def say(text: object = "", *, end: str = "\n", out: TextIO | None = None) -> None:
    """Print what a person or a program has asked for; its own line breaks stay."""
    print(visible(str(text), lines=True), end=end, file=out or sys.stdout, flush=True)


def warn(text: object, *, end: str = "\n") -> None:
    """Print what went wrong, on stderr, without secrets: errors repeat what somebody has typed."""
    say(hidden(str(text)), end=end, out=sys.stderr)


def console(stream: TextIO | None = None) -> "Console":
    """A rich console on `stream`, stderr without one; off a terminal it never folds a line. Texts are no markup."""
    from rich.console import Console  # noqa: PLC0415  a trader does without

    where = sys.stderr if stream is None else stream
    return Console(file=where, markup=False, emoji=False, highlight=False, width=None if where.isatty() else WIDE)


def parting(run: Callable[[], int]) -> int:
    """What `run` returns, its output flushed; in silence where the reader of stdout or stderr has gone."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # what a terminal cannot show is text too
    try:
        try:
            return run()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere, stream.fileno())  # what is still buffered is flushed when Python ends
        return GONE
