"""The house's SQL as SQLite takes it.

What people read through any client may use built-in functions only, and SQLite lets nobody add others to a file. So the
functions that our SQL calls and SQLite lacks are written out; PostgreSQL has them (`db/postgres/functions.sql`).
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from db import statements as shared

OWN_VIEWS = Path(__file__).parent / "views.sql"
WRITTEN_OUT = {
    "significant": "cast(printf('%.15g', {0}) as real)",
    "rounded": "round({0}, min(8, 15 - length(cast(max({1}, {2}) as integer))))",
    "utc_day": "date({0} / 1000, 'unixepoch')",
}
_MADE = re.compile(r"(?P<told>(?:^--.*\n)*)^create (?P<kind>table|view) (?P<name>\w+)", re.MULTILINE)
_CALL = re.compile(rf"\b({'|'.join(WRITTEN_OUT)})\(")


@cache
def statements() -> dict[str, str]:
    """All named statements."""
    return {name: written_out(sql) for name, sql in shared.statements().items()}


@cache
def views() -> tuple[str, ...]:
    """The statements that create the views of the reports, in an order in which they can be made."""
    return tuple(written_out(view) for view in (*shared.views(), *shared.script(OWN_VIEWS)))


def described(kind: str) -> list[tuple[str, str]]:
    """Every table or view (`kind`) that people may read, with the comment that stands before it."""
    found = [_MADE.search(each) for each in (*shared.script(shared.SCHEMA), *views())]
    return [(made["name"], _comment(made["told"])) for made in found if made and made["kind"] == kind]


def view_name(sql: str) -> str:
    """The name of the view that a statement creates."""
    made = _MADE.search(sql)
    assert made is not None
    return made["name"]


def _comment(lines: str) -> str:
    """A comment as one line."""
    return " ".join(line.removeprefix("--").strip() for line in lines.splitlines())


@cache
def repeated(name: str, rows: int, shared_names: tuple[str, ...]) -> str:
    """The named INSERT with its row of values `rows` times: these parameters are one for all rows, bound first."""
    before, row = statements()[name].rsplit("values", 1)
    for number, shared_name in enumerate(shared_names, 1):
        row = re.sub(rf":{shared_name}\b", f"?{number}", row)
    return f"{before}values{', '.join([re.sub(':[a-z_]+', '?', row)] * rows)}"


def written_out(sql: str) -> str:
    """SQL with our functions in SQLite's own words. Raises ValueError where a call has no end."""
    call = _CALL.search(sql)
    if call is None:
        return sql
    *arguments, rest = _arguments(sql, call.end())
    own = WRITTEN_OUT[call[1]].format(*(written_out(each) for each in arguments))
    return f"{sql[: call.start()]}{own}{written_out(rest)}"


def _arguments(sql: str, start: int) -> Iterator[str]:
    """The arguments of a call whose parenthesis opens before `start`, and what follows the call."""
    depth, begin = 0, start
    for place in range(start, len(sql)):
        if sql[place] == "(":
            depth += 1
        elif sql[place] in ",)" and depth == 0:
            yield sql[begin:place].strip()
            begin = place + 1
            if sql[place] == ")":
                yield sql[begin:]
                return
        elif sql[place] == ")":
            depth -= 1
    raise ValueError(f"a call without its end: {sql[start:][:80]!r}")
