"""`fleet chart`: a strategy's price, entries, exits and equity, in the terminal or as a file that opens offline."""

import argparse
import io
import shutil
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

from db.reading.chart import Chart, chart
from db.sqlite import private
from db.trading import strategies
from domain.dates import moment
from fleet import reading, render, svg, terminal_chart
from runtime.command import counted_from, local
from runtime.output import prose, say, width_of

FILES = {"svg": svg.picture, "html": svg.page}  # by the ending of a file's name
FORMATS = ("terminal", *FILES)
CELLS, SMALLEST = 80, 40  # of a picture that nobody says how wide it is, and of the smallest
LINES, FEWEST, ROOM = 32, 14, 4  # at most and at least of a picture; those of the terminal for what stands around
Run = Callable[[argparse.Namespace], int]


def drawn(options: argparse.Namespace) -> int:
    """Print the chart of a strategy; 1 where there is nothing to draw yet."""
    width = max(SMALLEST, width_of(sys.stdout) or CELLS)
    height = min(LINES, max(FEWEST, shutil.get_terminal_size((CELLS, LINES + ROOM)).lines - ROOM))
    stretches = terminal_chart.stretches(width) if options.format == "terminal" else svg.STRETCHES
    with reading.reading(options) as db:
        if reading.tell_newcomers(db, options, [options.strategy]):
            return 1
        known = strategies.found(db, options.strategy)
        since = counted_from(db, options.since)
        found = chart(db, known, stretches, since)
    if options.format in FILES:
        say(FILES[options.format](found))
    else:
        say(prose(_heading(found), width))
        render.drawn(terminal_chart.plotted(found, width, height))
    return 0


def filed(run: Run) -> Run:
    """A verb that keeps in `--out FILE`, here, what it prints, wherever it is carried out."""

    def carried_out(options: argparse.Namespace) -> int:
        if options.out is None:
            return run(options)
        form = options.out.suffix.removeprefix(".")
        words = [*_without_out(options.words), "--format", form]
        said = io.StringIO()
        with redirect_stdout(said):
            status = run(argparse.Namespace(**vars(options) | {"format": form, "words": words}))
        if said.getvalue():
            private.put(options.out, said.getvalue())
            say(f"{options.out} shows {options.strategy}")
        return status

    return carried_out


def out(text: str) -> Path:
    """The type of `--out`. Raises ArgumentTypeError for a file of another kind."""
    path = local(text)
    if path.suffix not in (f".{form}" for form in FILES):
        raise argparse.ArgumentTypeError(f"{text!r} must end in .svg or .html")
    return path


def _without_out(words: list[str]) -> list[str]:
    """A command line without the options that name file and format."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--out")
    parser.add_argument("--format")
    return parser.parse_known_args(words)[1]


def _heading(found: Chart) -> str:
    """What is shown, and how to see more of it."""
    span = f"{moment(found.first)} to {moment(found.last)} UTC"
    return f"{found.strategy_id}: {found.series}, {span}, in {found.quote}: price (▲ bought, ▼ sold), equity below"
