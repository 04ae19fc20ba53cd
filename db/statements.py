"""Named SQL statements, migrations and views, read from the files beside the modules that use them.

A file of statements is a list of::

    -- name: candles_newest
    -- The newest candles of a series, newest first.
    select timestamp from ohlcv_data where exchange = :exchange;

Names are unique over all files, and each statement says in a comment what it is for. `schema.sql` (tables), and
`reports.sql` and `fleet/views.sql` (views) hold no named statements.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
SUBJECTS = ("market_data", "trading", "fleet", "reading")  # folders of named statements
SCHEMA = FOLDER / "schema.sql"
VIEWS = (FOLDER / "reading" / "reports.sql", FOLDER / "fleet" / "views.sql")
MIGRATIONS = FOLDER / "sqlite" / "migrations"
TEXTS = frozenset(["reason", "error", "detail", "state", "payload", "text"])
_PARAMETER = re.compile(r":([a-z_]+)")
_QUOTED = re.compile(r"--.*|'[^']*'?")
_HEADING = re.compile(r"^-- name:[ \t]*(.*?)[ \t]*$", re.MULTILINE)


class Migration(NamedTuple):
    """One numbered step of the schema: its number, its file's name without ending, its statements."""

    number: int
    name: str
    statements: tuple[str, ...]


def parse(text: str, origin: str = "text") -> dict[str, str]:
    """The statements of one file by name; raises ValueError for a wrong or repeated name, no comment or no SQL."""
    pieces = _HEADING.split(text)
    found: dict[str, str] = {}
    for name, body in zip(pieces[1::2], pieces[2::2], strict=True):
        lines = body.strip().splitlines()
        sql = "\n".join(line for line in lines if not line.lstrip().startswith("--")).strip().rstrip(";").rstrip()
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise ValueError(f"{origin}: {name!r} is not a name of a statement")
        if name in found:
            raise ValueError(f"{origin}: two statements are named {name}")
        if not lines or not lines[0].startswith("--") or not sql:
            raise ValueError(f"{origin}: {name} needs a comment that says what it is for, then its SQL")
        found[name] = sql
    return found


def merge(files: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The statements of several files, given as origin and text; raises ValueError for a name used twice."""
    merged: dict[str, str] = {}
    for origin, text in files:
        found = parse(text, origin)
        twice = merged.keys() & found.keys()
        if twice:
            raise ValueError(f"{origin}: another file has statements named {', '.join(sorted(twice))}")
        merged |= found
    return merged


@cache
def statements() -> dict[str, str]:
    """All named statements of the house, in the words that the engines share."""
    files = sorted(file for subject in SUBJECTS for file in (FOLDER / subject).glob("*.sql") if file not in VIEWS)
    return merge((file.name, file.read_text("utf-8")) for file in files)


@cache
def texts(name: str) -> frozenset[str]:
    """The parameters of a named statement that tell people why, and may repeat what somebody outside has said."""
    return frozenset(_PARAMETER.findall(statements()[name])) & TEXTS


def split(script: str) -> list[str]:
    """The single statements of an SQL script, comments and all; raises ValueError where the last one has no end."""
    found: list[str] = []
    buffer = ""
    for line in script.splitlines(keepends=True):
        buffer += line
        if _QUOTED.sub("", buffer).rstrip().endswith(";"):
            found.append(buffer.strip())
            buffer = ""
    if any(line.strip() and not line.lstrip().startswith("--") for line in buffer.splitlines()):
        raise ValueError(f"SQL without its semicolon: {buffer.strip()[-80:]!r}")
    return found


def script(file: Path) -> list[str]:
    """The single statements of a file of SQL; raises ValueError where the last one has no end."""
    return split(file.read_text("utf-8"))


@cache
def migrations() -> tuple[Migration, ...]:
    """All migrations in order; raises ValueError unless their files count 0001, 0002, 0003…"""
    files = sorted(MIGRATIONS.glob("*.sql"))
    steps = tuple(Migration(int(f.name[:4]), f.stem, tuple(split(f.read_text("utf-8")))) for f in files)
    if [step.number for step in steps] != list(range(1, len(steps) + 1)):
        raise ValueError(f"migrations are not numbered 1, 2, 3…: {', '.join(step.name for step in steps)}")
    return steps


def schema_version() -> int:
    """The version of the schema that this code speaks."""
    return migrations()[-1].number


@cache
def views() -> tuple[str, ...]:
    """The statements that create the views which all engines share: of the reports, and of who may act."""
    return tuple(each for file in VIEWS for each in script(file))
