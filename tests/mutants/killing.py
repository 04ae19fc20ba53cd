"""One mutant: the product broken in a tree of its own, and the tests of its room over it."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.mutants.rooms import ROOMS, ROOT, found
from tests.mutants.sql import of_statements, prepared
from tests.witness.mutations import Break, of_python

SECONDS = 300  # tests that take longer were broken by it
NEAR = 2  # files of tests that are asked before all others: they kill most


def drawn(room: str, seed: int, count: int) -> list[Break]:
    """So many breaks of a room, no two of one line; each can be compiled."""
    every = [each for file in found(ROOMS[room].sources) for each in _breaks(file, (ROOT / file).read_text())]
    Random(seed).shuffle(every)
    chosen: dict[tuple[str, int], Break] = {}
    for each in every:
        if len(chosen) == count:
            break
        if compiled(each):
            chosen.setdefault((each.file, each.line), each)
    return list(chosen.values())


def _breaks(file: str, source: str) -> Iterator[Break]:
    return of_statements(file, source) if file.endswith(".sql") else of_python(file, source)


def compiled(broken: Break) -> bool:
    """Whether it can be read at all: what cannot would be noticed by anybody."""
    source = (ROOT / broken.file).read_text()
    if broken.file.endswith(".sql"):
        return prepared(source, broken.applied(source))
    try:
        compile(broken.applied(source), broken.file, "exec")
    except SyntaxError:
        return False
    return True


@contextmanager
def tree_of(room: str) -> Iterator[Path]:
    """A tree whose room and tests may be broken: they are copied, the rest is linked, so the real tree stays whole."""
    with tempfile.TemporaryDirectory() as folder:
        tree, copied = Path(folder) / "tree", (Path(ROOMS[room].sources[0]).parts[0], "tests")
        tree.mkdir()
        (Path(folder) / "shared").symlink_to(ROOT.parent / "shared")  # recorded candles, where tests/conftest.py looks
        for entry in ROOT.iterdir():
            if entry.name in copied:
                shutil.copytree(entry, tree / entry.name, ignore=shutil.ignore_patterns("__pycache__"))
            elif not entry.name.startswith("."):
                (tree / entry.name).symlink_to(entry)
        yield tree


def survives(tree: Path, broken: Break, tests: Sequence[str]) -> bool:
    """Whether all of these tests pass over the product of a tree with the break in it; it is put back."""
    place = tree / broken.file
    whole = place.read_text()
    place.write_text(broken.applied(whole))
    try:
        near = nearest(broken, tests)
        return all(passed(tree, asked) for asked in (near[:NEAR], near[NEAR:]) if asked)
    finally:
        place.write_text(whole)
        for stale in (tree.parent / "compiled").rglob(f"{place.stem}.*.pyc"):
            stale.unlink()  # it is told from others by size and second only


def nearest(broken: Break, tests: Sequence[str]) -> list[str]:
    """The tests in the order in which they are asked: those whose name has the module's, then those that name it
    often, then as they are listed.
    """
    word = Path(broken.file).stem
    named = {test: len(re.findall(rf"\b{word}\b", (ROOT / test).read_text())) for test in tests}
    return sorted(tests, key=lambda test: (word not in Path(test).stem, -named[test]))


def passed(tree: Path, tests: Sequence[str]) -> bool:
    """Whether pytest is content in a tree; it stops at the first that is not. What it compiles is kept beside the tree:
    to read the tests anew takes longer than most of them.
    """
    words = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider", *tests]
    kept = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(tree.parent / "compiled")}
    env = {**os.environ, "PYTHONPATH": str(tree), **kept}
    try:
        done = subprocess.run(words, cwd=tree, env=env, capture_output=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def told(broken: Break) -> str:
    """Where it is, and what the line becomes."""
    source = (ROOT / broken.file).read_text()
    before, after = (text.splitlines()[broken.line - 1].strip() for text in (source, broken.applied(source)))
    return f"{broken.file}:{broken.line}: {before}  ->  {after}"
