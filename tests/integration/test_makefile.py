"""`make run` says what it does while it installs: a line before anything happens, one for each package as it comes."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.backfilling import until

HOUSE = Path(__file__).resolve().parents[2]
PIP = """\
#!/bin/bash
# Stands for Python: makes an environment of itself, and says what pip says; it waits after the first package.
[ "$2" = venv ] && { mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; exit; }
[[ "$*" = *-qq* ]] && exit
echo "Collecting aiohttp==3.14.5 (from -r requirements.lock (line 12))"
echo "  Downloading aiohttp-3.14.5-cp311-cp311-manylinux.whl (1.9 MB)"
until [ -e go ]; do sleep 0.05; done
echo "Collecting uvloop==0.22.1; sys_platform != 'win32' (from -r requirements.lock (line 40))"
echo "Installing collected packages: uvloop, aiohttp"
[ -e broken ] && { echo "ERROR: no space left" >&2; exit 1; }
echo "Successfully installed"
"""

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")


@pytest.fixture
def place(tmp_path):
    """The Makefile beside a lock file of two packages, and what stands for Python."""
    shutil.copy(HOUSE / "Makefile", tmp_path)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "requirements.lock").write_text("aiohttp==3.14.5 \\\n    --hash=sha256:0\nuvloop==0.22.1 \\\n")
    (tmp_path / "python").write_text(PIP)
    (tmp_path / "python").chmod(0o755)
    return tmp_path


def made(place, out):
    """`make` on its way."""
    words = ["make", ".venv/run.stamp", f"PYTHON={place / 'python'}"]
    env = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL"}}
    return subprocess.Popen(words, cwd=place, stdout=out, stderr=subprocess.STDOUT, env=env)


@needs_make
def test_each_package_is_told_as_it_comes(place):
    """Nobody looks at a silent terminal."""
    out = place / "out"
    with out.open("w") as target, made(place, target) as process:
        until(lambda: "1/2  aiohttp 3.14.5" in out.read_text())
        assert "Making the environment" in out.read_text().splitlines()[0]
        assert "uvloop" not in out.read_text()
        (place / "go").touch()
    lines = out.read_text().splitlines()
    assert process.returncode == 0
    assert lines[1:4] == ["  1/2  aiohttp 3.14.5", "  2/2  uvloop 0.22.1", "  unpacking them"]
    assert len(lines) == 5


@needs_make
def test_what_fails_is_told_and_tried_again(place):
    """With what pip says; the next `make` begins again."""
    (place / "go").touch()
    (place / "broken").touch()
    out = place / "out"
    for _ in range(2):
        with out.open("w") as target, made(place, target) as process:
            pass
        assert process.returncode == 2
        assert "ERROR: no space left" in out.read_text()
    assert not (place / ".venv" / "run.stamp").exists()
