"""Single-line breaks of SQL views, of which only those count that SQLite still understands."""

import re
import sqlite3
from collections.abc import Iterator

from tests.witness.mutations import Break

SIGNS = [
    (r"<=", "<"), (r">=", ">"), (r"<(?![=>])", "<="), (r"(?<![<-])>(?!=)", ">="), (r"(?<![<>])= ", "<> "),
    (r" \+ ", " - "), (r" - ", " + "), (r" \* ", " / "), (r" / ", " * "), (r"\band\b", "or"), (r"\bor\b", "and"),
    (r"\bis null\b", "is not null"), (r"\bis not null\b", "is null"), (r"\bdesc\b", "asc"), (r"\b1\.0 \* ", ""),
]  # fmt: skip
NUMBERS = [
    (r"\b0\b", "1"), (r"\b0\b", "1700000000"), (r"\b0\b", "null"), (r"\b1\b", "2"), (r"\b8\b", "2"),
    (r"\b(60|86400|604800|365|1000|3600)\b", "7"),
]  # fmt: skip
WORDS = [
    (r"\bmax\(", "min("), (r"\bmin\(", "max("), (r"\bsum\(", "max("), (r"\bsum\(", "count("), (r"\bcount\(", "max("),
    (r"\bcount\(t\.pnl\)", "count(*)"), (r"\brank\(", "dense_rank("), (r"\brank\(", "row_number("),
    (r"'buy'", "'sell'"), (r"'sell'", "'buy'"), (r"'strategy'", "'run'"),
    (r"'m' then 60 when 'h'", "'h' then 60 when 'm'"), (r"\bwhere\b(?! [^(]*\))", "where 1 or"),
    (r" on (?=\w+\.)", " on 1 or "), (r"\bhaving\b", "having 1 or"), (r" filter \(where [^()]*\)", ""),
    (r"\bpartition by \w+", "partition by strategy_id"),
]  # fmt: skip
CUT = [
    (r"( \+ | - | / | \* )[\w.]+(?=[,) ]|$)", ""), (r" (and|or) [\w.]+ [=<>]+ [\w.]+", ""),
    (r"then (\S+) else (\S+) end", r"then \2 else \1 end"), (r"nullif\((\w+), 0\)", r"\1"),
    (r"coalesce\((\w+\([\w.]+\)), 0\)", r"\1"), (r"sqrt\((\w+)\)", r"\1"),
]  # fmt: skip
OURS = {"significant": 1, "rounded": 3, "utc_day": 1}  # functions that the product writes out, with their arguments
COLUMN = re.compile(r"(?<=, )((?:\w+\.)?)(\w+)(?=,|$)|^ +((?:\w+\.)?)(\w+)(?=,|$)")


def of_sql(file: str, source: str, first: int, last: int) -> Iterator[Break]:
    """Every break of the statements between two lines, comments aside."""
    for number, text in enumerate(source.splitlines()[first - 1 : last], first):
        code = text.split("--")[0]
        for start, end, new in (*_replaced(code), *_columns(code)):
            begin = len(code[:start].encode())
            yield Break(file, number, begin, begin + len(code[start:end].encode()), new)


def _replaced(code: str) -> Iterator[tuple[int, int, str]]:
    for pattern, new in (*SIGNS, *NUMBERS, *WORDS, *CUT):
        for found in re.finditer(pattern, code):
            yield found.start(), found.end(), found.expand(new)


def _columns(code: str) -> Iterator[tuple[int, int, str]]:
    """A column that shows what the next one of its line is, under its own name."""
    found = list(COLUMN.finditer(code))
    for one, other in zip(found, found[1:] + found[:1], strict=True):
        name, whole = one.group(2) or one.group(4), other.group().strip()
        if one is not other:
            start = one.end() - len(one.group().lstrip())
            yield start, one.end(), f"{whole} as {name}"


def understood(schema: str, views: str) -> bool:
    """Whether SQLite can make these views, and read each of them."""
    with sqlite3.connect(":memory:") as memory:
        try:
            for name, arguments in OURS.items():
                memory.create_function(name, arguments, lambda *_: 0.0)
            memory.executescript(schema)
            memory.executescript(views)
            for name in re.findall(r"^create view (\w+)", views, re.MULTILINE):
                memory.execute(f"select * from {name} limit 0")
        except sqlite3.Error:
            return False
    return True
