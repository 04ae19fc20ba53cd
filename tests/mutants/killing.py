"""One mutant: the product broken in a tree of its own, and the tests of its room over it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

from tests.mutants.rooms import ROOMS, ROOT, found
from tests.witness.mutations import Break, of_python

SECONDS = 300  # tests that take longer were broken by it


def drawn(room: str, seed: int, count: int) -> list[Break]:
    """So many breaks of a room, no two of one line; each can be compiled."""
    every = [each for file in found(ROOMS[room].sources) for each in of_python(file, (ROOT / file).read_text())]
    Random(seed).shuffle(every)
    chosen: dict[tuple[str, int], Break] = {}
    for each in every:
        if len(chosen) == count:
            break
        if compiled(each):
            chosen.setdefault((each.file, each.line), each)
    return list(chosen.values())


def compiled(broken: Break) -> bool:
    """Whether it can be read at all: what cannot would be noticed by anybody."""
    try:
        compile(broken.applied((ROOT / broken.file).read_text()), broken.file, "exec")
    except SyntaxError:
        return False
    return True


def survives(broken: Break, tests: Sequence[str]) -> bool:
    """Whether all of these tests pass over the broken product: the sources are copied, so the real tree stays whole."""
    with tempfile.TemporaryDirectory() as folder:
        tree, room = Path(folder) / "tree", Path(broken.file).parts[0]
        tree.mkdir()
        (Path(folder) / "shared").symlink_to(ROOT.parent / "shared")  # recorded candles, where tests/conftest.py looks
        for entry in ROOT.iterdir():
            if entry.name not in (room, "tests") and not entry.name.startswith("."):
                (tree / entry.name).symlink_to(entry)
        for copied in (room, "tests"):
            shutil.copytree(ROOT / copied, tree / copied, ignore=shutil.ignore_patterns("__pycache__"))
        (tree / broken.file).write_text(broken.applied((ROOT / broken.file).read_text()))
        return passed(tree, tests)


def passed(tree: Path, tests: Sequence[str]) -> bool:
    """Whether pytest is content in a tree; it stops at the first that is not."""
    words = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider", *tests]
    env = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
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
