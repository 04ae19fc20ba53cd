"""`fleet sql`: a person's own questions to the database, and those that were saved."""

import argparse
import re
from functools import partial
from pathlib import Path

from config import queries
from config.complaints import nearest
from db.reading import query, reports
from db.reading.query import Answer, Value
from domain.errors import ConfigError, FleetError, Rejected
from fleet import render
from runtime import clock, isolated_process, memory
from runtime.command import located
from runtime.isolated_process import NoAnswer
from runtime.output import warn

DATA = 160 << 20  # bytes that the process of a query may need beyond what it begins with
NAME = re.compile(r"[\w.-]+")


def sql(options: argparse.Namespace) -> int:
    """Print what a query says, or without one what can be asked. 1 where the limits have cut the answer."""
    saved = queries.saved(Path(options.config))
    if not options.query:
        rows = [{"name": each.name, "kind": "question", "what": each.description} for each in saved.values()]
        _show([*rows, *sorted(query.contents(), key=_remote)], options, "fleet sql NAME")
        return 0
    found = _asked(_wanted(" ".join(options.query), saved), options)
    _show(found.rows, options, "")
    if found.cut:
        warn(found.cut)
    return 1 if found.cut else 0


def _remote(row: render.Row) -> int:
    """How far something is from what people ask for: reports first, then tables, at last what reports are made of."""
    return 0 if row["name"] in reports.VIEWS else 1 if row["kind"] == "table" else 2


def _show(rows: render.Rows, options: argparse.Namespace, title: str) -> None:
    """An answer in the wanted format; columns as the views have them are as important as there."""
    like = " ".join(options.query)
    render.listing(rows, options.format, raw=options.raw, title=title, like=like, all_columns=options.all_columns)


def param(text: str) -> tuple[str, Value]:
    """A value for a `:name` as somebody types it: NAME=VALUE, a number where it is one. Raises ArgumentTypeError."""
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    for kind in (int, float):
        try:
            return name, kind(value)
        except ValueError:
            continue
    return name, value


def _wanted(words: str, saved: dict[str, queries.Saved]) -> str:
    """The SQL that somebody means: their own, a saved question, or all of a table or view. Raises ConfigError."""
    if not NAME.fullmatch(words):
        return words
    if words in saved:
        return saved[words].sql
    tables = [each["name"] for each in query.contents()]
    if words in tables:
        return f"select * from {words}"  # noqa: S608  one of our own names
    near = nearest(words, [*saved, *tables])
    hint = f"did you mean {near}?" if near else "`fleet sql` lists them"
    raise ConfigError(f"there is no table, view or saved question {words}: {hint}")


def _asked(words: str, options: argparse.Namespace) -> Answer:
    """What a query says, asked in a process that can do nothing but ask. Raises what is wrong with it."""
    path, _ = located(options)
    ask = partial(_attempted, path, words, dict(options.param), options.rows)
    until_ms = clock.steady_ms() + int(options.seconds * 1000)
    (found,) = isolated_process.answers([ask], options.seconds, until_ms, lambda: None)
    if isinstance(found, FleetError):
        raise found
    if isinstance(found, NoAnswer):
        late = found.ended_by is not None and found.ended_by.name == "SIGPROF"
        slow = f"it took longer than {options.seconds:g} s: ask for less, or give it --seconds"
        raise Rejected(slow if late else f"the question got no answer: {found.reason}")
    assert isinstance(found, Answer)
    return found


def _attempted(path: Path, words: str, values: dict[str, Value], most: int) -> Answer | FleetError:
    """An answer, or what is wrong; of a child process."""
    memory.limit(DATA)
    try:
        return query.ask(path, words, values, most)
    except FleetError as error:
        return error
