"""The lock files: every dependency with its hashes, and no address of a registry anywhere."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]
REQUIRED = PROJECT["dependencies"]
ENTRY = re.compile(r"^([a-z0-9._-]+)==\S+.*\\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", re.MULTILINE)
REGISTRY = re.compile(r"https?://[^\s\"')]*(?:pypi|pythonhosted|/simple)", re.IGNORECASE)


def locked(name):
    """The entries of a lock file that have hashes, by package."""
    return ENTRY.findall((HOUSE / name).read_text())


def package(requirement):
    """The normalised name of a requirement."""
    return re.split(r"[<>=!~\[; ]", requirement)[0].lower().replace("_", "-")


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_dependency_is_locked_with_hashes(name):
    """Nothing is installed that was not looked at."""
    assert {package(each) for each in REQUIRED} <= set(locked(name))
    entries = re.findall(r"^[a-z0-9._-]+==", (HOUSE / name).read_text(), re.MULTILINE)
    assert len(entries) == len(locked(name))


def test_development_has_its_own():
    """The tests' tools are locked too."""
    assert {package(each) for each in PROJECT["optional-dependencies"]["dev"]} <= set(locked("requirements-dev.lock"))


def test_no_committed_file_names_a_registry():
    """Where packages come from is the machine's business."""
    listed = subprocess.run(["git", "ls-files"], cwd=HOUSE, capture_output=True, text=True, check=True).stdout.split()
    assert len(listed) > 100
    for name in listed:
        assert not REGISTRY.search((HOUSE / name).read_text(errors="replace")), name
