"""Breaks of the product by seed, over what decides, fills and reports; the witness walks each in a tree of its own."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.witness.equivalent import EQUIVALENT
from tests.witness.mutations import Break, of_python
from tests.witness.sql_mutations import of_sql, understood

ROOT = Path(__file__).resolve().parents[2]
REPORTS, SCHEMA = "db/sql/reports.sql", "db/sql/schema.sql"
PYTHON: Mapping[str, Sequence[str]] = {
    "deciding": ("domain/decide.py", "trader/turn.py", "trader/walking.py"),
    "kinds": ("strategies/crossing.py", "strategies/rsi.py", "strategies/macd.py", "strategies/trend.py"),
    "exits": ("domain/exits.py",),
    "fills": ("domain/fills.py",),
    "sizing": ("domain/sizing.py",),
    "ledger": ("domain/ledger.py", "domain/money.py"),
    "recording": ("db/turns.py",),
    "sales": ("trader/sales.py",),
    "totals": ("domain/totals.py", "domain/curve.py", "domain/tally.py"),
    "since": ("db/since.py",),
}
INNER = ("period", "strategy_bars", "sums", "standings")  # what the views of the reports are made of, in one area
SECONDS = 900  # a walk that takes longer is one that was broken


class Outcome(NamedTuple):
    """A break, where it was made, and whether the witness noticed."""

    area: str
    broken: Break
    before: str
    after: str
    caught: bool
    why: str


def areas() -> dict[str, list[Break]]:
    """Every break that could be made, by what it breaks: rooms of rules, and views."""
    found = {
        area: [each for file in files for each in of_python(file, (ROOT / file).read_text())]
        for area, files in PYTHON.items()
    }
    for view, breaks in views():
        found.setdefault("inner views" if view in INNER else view, []).extend(breaks)
    return found


def views() -> Iterator[tuple[str, list[Break]]]:
    """The breaks of each view of the reports."""
    source = (ROOT / REPORTS).read_text()
    lines = source.splitlines()
    starts = [number for number, line in enumerate(lines, 1) if re.match("create view ", line)]
    for first, last in zip(starts, [*starts[1:], len(lines) + 1], strict=True):
        yield lines[first - 1].split()[2], list(of_sql(REPORTS, source, first, last - 1))


def possible(broken: Break) -> bool:
    """Whether the broken file can be read at all: what cannot would be noticed by anybody."""
    mutated = broken.applied((ROOT / broken.file).read_text())
    if broken.file == REPORTS:
        return understood((ROOT / SCHEMA).read_text(), mutated)
    try:
        compile(mutated, broken.file, "exec")
    except SyntaxError:
        return False
    return True


def drawn(seed: int, count: int) -> list[tuple[str, Break]]:
    """So many breaks, every area in turn, so that none has fewer than another by more than one."""
    draw, pools = Random(seed), areas()
    order = sorted(pools)
    draw.shuffle(order)
    for pool in pools.values():
        draw.shuffle(pool)
    found: list[tuple[str, Break]] = []
    while len(found) < count:
        area = order[len(found) % len(order)]
        broken = pools[area].pop()
        if possible(broken):
            found.append((area, broken))
    return found


def tried(area: str, broken: Break, command: Sequence[str]) -> Outcome:
    """Make the break in a tree beside the real one, and walk there."""
    source = (ROOT / broken.file).read_text()
    mutated = broken.applied(source)
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        room = Path(broken.file).parts[0]
        for entry in ROOT.iterdir():
            if entry.name != room and not entry.name.startswith("."):
                (tree / entry.name).symlink_to(entry)
        shutil.copytree(ROOT / room, tree / room, ignore=shutil.ignore_patterns("__pycache__"))
        (tree / broken.file).write_text(mutated)
        caught, why = walked(tree, command)
    before, after = (text.splitlines()[broken.line - 1].strip() for text in (source, mutated))
    return Outcome(area, broken, before, after, caught, why)


def walked(tree: Path, command: Sequence[str]) -> tuple[bool, str]:
    """Whether the walk in a tree differs, and the first line that says how."""
    environment = os.environ | {"PYTHONPATH": str(tree)}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.witness", *command], cwd=tree, env=environment, timeout=SECONDS,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return True, f"not done after {SECONDS} s"
    told = [line for line in (done.stdout + done.stderr).splitlines() if "agrees" not in line and "differs" not in line]
    return done.returncode != 0, (told[0] if done.stdout.count("differs") else told[-1])[:160] if told else ""


def equivalent(outcome: Outcome) -> str | None:
    """Why a break changes nothing that anybody could notice, where that was judged by hand."""
    return EQUIVALENT.get((outcome.broken.file, outcome.after))
