"""Breaks of the product by seed, over what decides, fills and reports; the witness walks each in a tree of its own."""

import importlib
import os
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

from tests.witness.case import Case
from tests.witness.equivalent import EQUIVALENT, HELD
from tests.witness.life import Life
from tests.witness.living import lived
from tests.witness.mutations import Break, of_python
from tests.witness.sql_mutations import of_sql, understood

ROOT = Path(__file__).resolve().parents[2]
VIEWS, SCHEMA = ("db/reading/reports.sql", "db/sqlite/views.sql"), "db/schema.sql"
PYTHON: Mapping[str, Sequence[str]] = {
    "deciding": ("domain/decide.py", "domain/turns.py", "trader/strategy_turn.py", "trader/deciding.py"),
    "kinds": ("strategies/crossing.py", "strategies/rsi.py", "strategies/macd.py", "strategies/trend.py"),
    "exits": ("domain/exits.py",),
    "fills": ("domain/executions.py",),
    "sizing": ("domain/sizing.py",),
    "ledger": ("domain/ledger.py", "domain/money.py"),
    "recording": ("db/trading/turns.py",),
    "sales": ("trader/sales.py",),
    "totals": ("domain/totals.py", "domain/curve.py", "domain/tally.py"),
    "since": ("db/reading/since.py", "db/trading/stretch.py"),
}
WALKED = (
    "late", "falling", "steered", "regrained", "away", "brief", "silent", "delisted-hold", "delisted-sell", "replayed",
    "weekly", "large", "coins", "cheap", "small", "imported-kraken",
)  # fmt: skip
INNER = (
    "period",
    "strategy_bars",
    "sums",
    "standings",
    "holdings",
    "strategy_days",
)  # what the views of the reports are made of, in one area
Walked = tuple[Case, Mapping[str, Life]]
OWN = ("tests.witness", "tests.conftest")  # what is the same whatever is broken
SECONDS = 900  # a walk that takes longer is one that was broken


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
    for file in VIEWS:
        source = (ROOT / file).read_text()
        lines = source.splitlines()
        starts = [number for number, line in enumerate(lines, 1) if re.match("create view ", line)]
        for first, last in zip(starts, [*starts[1:], len(lines) + 1], strict=True):
            yield lines[first - 1].split()[2], list(of_sql(file, source, first, last - 1))


def views_with(broken: Break | None = None) -> str:
    """What creates all views, one of them broken."""
    texts = {file: (ROOT / file).read_text() for file in VIEWS}
    if broken is not None:
        texts[broken.file] = broken.applied(texts[broken.file])
    return "\n".join(texts.values())


def possible(broken: Break) -> bool:
    """Whether the broken file can be read at all: what cannot would be noticed by anybody."""
    if broken.file in VIEWS:
        return understood((ROOT / SCHEMA).read_text(), views_with(broken))
    try:
        compile(broken.applied((ROOT / broken.file).read_text()), broken.file, "exec")
    except SyntaxError:
        return False
    return True


def drawn(seed: int, count: int) -> list[tuple[str, Break]]:
    """So many breaks, two of each area at least: every area in turn, so that none has more than one above another."""
    draw, pools = Random(seed), areas()
    count = max(count, 2 * len(pools))
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


def walks(cases: Iterable[Case]) -> list[Walked]:
    """The cases with the witness's lives, which no break of the product moves."""
    return [(case, lived(case)) for case in cases]


def lines(broken: Break) -> tuple[str, str]:
    """The line as it is, and as it becomes."""
    source = (ROOT / broken.file).read_text()
    before, after = (text.splitlines()[broken.line - 1].strip() for text in (source, broken.applied(source)))
    return before, after


def noticed(broken: Break, walked: Sequence[Walked]) -> str:
    """Make the break in a tree beside the real one, and walk there: the first difference, nothing where all agrees."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        room = Path(broken.file).parts[0]
        for entry in ROOT.iterdir():
            if entry.name != room and not entry.name.startswith("."):
                (tree / entry.name).symlink_to(entry)
        shutil.copytree(ROOT / room, tree / room, ignore=shutil.ignore_patterns("__pycache__"))
        (tree / broken.file).write_text(broken.applied((ROOT / broken.file).read_text()))
        return _noticed(tree, walked)


def _noticed(tree: Path, walked: Sequence[Walked]) -> str:
    """What a process finds that walks in a tree; nothing where all agrees. It has all but the product already."""
    child = os.fork()
    if child == 0:
        try:
            (tree / "found").write_text(_found(tree, walked))
        finally:
            os._exit(0)
    until = time.monotonic() + SECONDS
    while not os.waitpid(child, os.WNOHANG)[0]:
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return f"not done after {SECONDS} s"
        time.sleep(0.02)
    return (tree / "found").read_text() if (tree / "found").exists() else "its process has ended"


def _found(tree: Path, walked: Sequence[Walked]) -> str:
    """The first difference of a walk through the product of a tree, or what it raises."""
    rooms = {entry.name for entry in ROOT.iterdir() if (entry / "__init__.py").exists()} - {"tests"}
    for name in list(sys.modules):
        if name.split(".")[0] in rooms or (name.startswith("tests.") and not name.startswith(OWN)):
            del sys.modules[name]
    sys.modules.pop("tests.witness.product", None)
    sys.modules.pop("tests.witness.running", None)
    sys.path.insert(0, str(tree))
    try:
        running = importlib.import_module("tests.witness.running")
        importlib.import_module("tests.witness.product").quiet()
        for number, (case, lives) in enumerate(walked):
            (tree / f"walk-{number}").mkdir()
            differences = running.compared(case, tree / f"walk-{number}", lives).differences
            if differences:
                return str(differences[0])[:200]
    except BaseException as error:  # noqa: BLE001  whatever a broken product does
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error}"[:200] + f" ({place.name} in {place.filename}:{place.lineno})"
    return ""


def judged(broken: Break) -> str | None:
    """Why the witness need not notice a break, where that was judged by hand: nobody could, or another test does."""
    before, after = lines(broken)
    places = ((broken.file, after), (broken.file, f"{before}  ->  {after}"))
    return next((judged[place] for judged in (EQUIVALENT, HELD) for place in places if place in judged), None)
