"""The one door by which text reaches a terminal: what came from outside cannot steer it.

Every verb prints through here. Control characters, bidi marks and line separators are shown as text (`domain.text`); a
table's cells are made by `fleet.render`. A reader that goes away (`fleet status | head`) ends the process in silence.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from itertools import groupby
from textwrap import fill
from typing import TYPE_CHECKING, TextIO

from config import environment
from domain.errors import FleetError
from domain.file_errors import translated
from domain.secrets import hidden
from domain.text import visible
from runtime import ctrl_c

if TYPE_CHECKING:
    from rich.console import Console

GONE = 128 + signal.SIGPIPE  # exit status of a process whose reader has gone, as a shell tells it
STREAMS = {"stdin": "r", "stdout": "w", "stderr": "w"}
WIDE = 1_000_000  # columns of a table that nobody sees on a terminal
NARROW = 80  # columns of a terminal that does not say how many it has


def say(text: object = "", *, end: str = "\n", out: TextIO | None = None) -> None:
    """Print what a person or a program has asked for; its own line breaks stay."""
    stream = out or sys.stdout
    with written(stream):
        print(visible(str(text), lines=True), end=end, file=stream, flush=True)


@contextmanager
def written(stream: TextIO) -> Iterator[None]:
    """Raise the fleet's own error where `stream` takes no more."""
    with translated("stderr" if stream is sys.stderr else "stdout"):
        yield


def warn(text: object, *, end: str = "\n") -> None:
    """Print what went wrong, on stderr, without secrets: errors repeat what somebody has typed. Where stderr takes no
    more (its file is on the full disk of which it tells) the text is lost, and nothing else.
    """
    with suppress(FleetError):
        say(hidden(str(text)), end=end, out=sys.stderr)


class LossyStream:
    """stderr, to which a line that cannot be written is lost: a log that is on the full disk of which it tells must
    not end who writes it.
    """

    def write(self, text: str) -> None:
        """One line, or as much of it as there is room for."""
        with suppress(OSError, ValueError):
            sys.stderr.write(text)

    def flush(self) -> None:
        """What stderr does."""
        with suppress(OSError, ValueError):
            sys.stderr.flush()


def width_of(stream: TextIO) -> int | None:
    """How many columns a person sees on `stream`: those of the terminal, or what COLUMNS says; None where neither does,
    as in a file.
    """
    columns = shutil.get_terminal_size((0, 0)).columns if stream.isatty() else environment.columns()
    return columns or (NARROW if stream.isatty() else None)


def prose(text: str, width: int) -> str:
    """A text in lines of at most `width` columns; lines that are indented, and ends of paragraphs, stay as they are."""
    parts = [(indented, list(lines)) for indented, lines in groupby(text.splitlines(), _stands)]
    shown = ("\n".join(lines) if stands else _filled(" ".join(lines), width) for stands, lines in parts)
    return "\n".join(shown)


def _filled(paragraph: str, width: int) -> str:
    """A paragraph whose commands and paths are not parted."""
    return fill(paragraph, width, break_long_words=False, break_on_hyphens=False)


def _stands(line: str) -> bool:
    """Whether a line is no part of a paragraph."""
    return not line.strip() or line.startswith(" ") or line.endswith(":")


def console(stream: TextIO | None = None, width: int | None = None) -> "Console":
    """A rich console on `stream`, stderr without one; off a terminal it never folds a line. Texts are no markup."""
    from rich.console import Console  # noqa: PLC0415  a trader does without

    where = sys.stderr if stream is None else stream
    columns = width or (None if where.isatty() else WIDE)
    return Console(file=where, markup=False, emoji=False, highlight=False, width=columns)


def exit_status(run: Callable[[], int]) -> int:
    """What `run` returns, once all it has said is where it goes; 1 where stdout takes no more, 130 after Ctrl-C, in
    silence where the reader of stdout or stderr has gone.
    """
    _open_streams()
    try:
        with ctrl_c.orderly():
            status = run()
    except KeyboardInterrupt:
        warn("interrupted")
        status = ctrl_c.INTERRUPTED
    except BrokenPipeError:
        status = GONE
    except FleetError as error:  # of the help, which is printed before a verb is carried out
        warn(error)
        status = 1
    except SystemExit as end:  # --help, or a wrong command line
        status = int(end.code or 0)
    lost = _flushed()
    if lost and not status:
        warn(lost)
    return status or int(bool(lost))


def _open_streams() -> None:
    """Replace streams that were closed (`>&-`) by some that take nothing: no file that is opened later gets their
    numbers. What a terminal cannot show is text too.
    """
    for name, mode in STREAMS.items():
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDONLY), mode))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _flushed() -> str | None:
    """Write what is still buffered; why stdout does not take it. Python would tell of it once more when it ends."""
    troubles: list[str] = []
    for stream in (sys.stdout, sys.stderr):
        try:
            with written(stream):
                stream.flush()
        except (BrokenPipeError, FleetError) as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            troubles += [str(error)] if stream is sys.stdout else []
    return "; ".join(troubles) or None
