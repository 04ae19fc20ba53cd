"""The wheel in an environment of its own, without the source: what somebody has on the first evening."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.kit.rows import column

HOUSE = Path(__file__).resolve().parents[2]
LEFT = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "data", "tests", "benchmarks")
BUILD = "import sys; from setuptools import build_meta; print(getattr(build_meta, sys.argv[1])(sys.argv[2]))"
HOSTILE = "raise SystemExit('a file of the folder was taken for the program')"
IMAGE = ("Dockerfile", ".dockerignore", "requirements.lock", "docker-compose.yml")  # what it is built from
KINDS = {"rsi", "macd", "scalping", "trend", "rules"}


def built(source, what, folder):
    """A distribution, as `python -m build` makes it."""
    words = [sys.executable, "-I", "-c", BUILD, what, folder]
    done = subprocess.run(words, cwd=source, capture_output=True, text=True, check=True)
    return folder / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """The folder of the programs of an environment into which the wheel was installed: from the source distribution,
    which comes from a clean copy. The libraries are those of the tests.
    """
    place = tmp_path_factory.mktemp("installed")
    shutil.copytree(HOUSE, place / "source", ignore=LEFT)
    shutil.copy(HOUSE / ".dockerignore", place / "source")
    with tarfile.open(built(place / "source", "build_sdist", place)) as archive:
        archive.extractall(place / "sdist", **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    (source,) = (place / "sdist").iterdir()
    assert all((source / name).is_file() for name in IMAGE)
    wheel = built(source, "build_wheel", place)
    subprocess.run([sys.executable, "-m", "venv", place / "venv"], check=True)
    words = [place / "venv/bin/python", "-I", "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel]
    subprocess.run(words, check=True, capture_output=True)
    (site,) = (place / "venv/lib").glob("*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    shutil.rmtree(place / "source")
    shutil.rmtree(place / "sdist")
    return place / "venv/bin"


@pytest.fixture
def fleet(programs, tmp_path):
    """The command, typed in an empty folder."""
    names = {name: text for name, text in os.environ.items() if not name.startswith(("TRADEFLEET_", "PYTHON"))}
    environment = names | {"PATH": f"{programs}:{os.environ['PATH']}", "COLUMNS": "200"}

    def run(*words, folder=tmp_path):
        line = [programs / "fleet", *words]
        return subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False)

    return run


def test_it_says_what_it_is(fleet):
    """The release, and what a report of a fault should name besides."""
    told = fleet("--version").stdout
    release = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]["version"]
    schema = max(int(file.name[:4]) for file in (HOUSE / "db/sqlite/migrations").glob("*.sql"))
    assert told.startswith(f"tradefleet {release} (Python {sys.version.split()[0]}, SQLite 3.")
    assert told.endswith(f", schema {schema})\n")


def test_the_demo_runs_in_an_empty_folder(fleet, tmp_path):
    """Whatever Python lies there; it trades, and says what to type next."""
    for name in ("domain", "runtime", "trader", "exchange"):
        (tmp_path / f"{name}.py").write_text(HOSTILE)
    done = fleet("demo", "--seconds", "15", "--speed", "1200")
    assert done.returncode == 0, done.stderr
    assert "  fleet init my-fleet\n" in done.stdout
    assert column(tmp_path / "data/demo/trading.db", "select count(*) from decisions")[0] > 0
    assert "  fleet sql leaderboard --database data/demo/trading.db\n" in done.stdout
    assert fleet("sql", "worst-falls", "--database", "data/demo/trading.db").returncode == 0


def test_a_folder_to_start_in(fleet, tmp_path):
    """Every kind, nothing wrong, every mistake of the documents' words told; a second time nothing is written."""
    made = fleet("init", "mine")
    assert made.returncode == 0, made.stderr
    assert "  cd mine\n" in made.stdout
    folder = tmp_path / "mine"
    files = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    names = {str(file.relative_to(folder)) for file in files}
    assert names >= {"config/fleet.yaml", "docker-compose.yml", ".env.example", ".gitignore"}
    kinds = {yaml.safe_load(file.read_text())["strategy"] for file in (folder / "config/strategies").iterdir()}
    assert kinds == KINDS
    valid = fleet("validate", "--offline", folder=folder)
    assert (valid.returncode, valid.stderr) == (0, "")
    again = fleet("init", folder=folder)
    assert again.returncode == 2
    assert "there already: .env.example, .gitignore, config, docker-compose.yml" in again.stderr
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == files


def test_its_documents_are_where_it_says(fleet, programs):
    """Without a checkout too."""
    (line,) = (line for line in fleet("--help").stdout.splitlines() if line.startswith("documents: "))
    place = Path(line.removeprefix("documents: "))
    assert place.is_relative_to(programs.parent)
    assert {file.name for file in (HOUSE / "docs").glob("*.md")} <= {file.name for file in place.iterdir()}


def test_its_compose_file_needs_no_source():
    """It is the one of the source, but for what builds the image."""
    written = (HOUSE / "fleet/starter/compose.yml").read_text()
    assert written == (HOUSE / "docker-compose.yml").read_text().replace("  build: .\n", ""), "run `make starter`"
    services = yaml.safe_load(written)["services"]
    assert {each["image"] for each in services.values()} == {"${TRADEFLEET_IMAGE:-tradefleet}"}
    assert not any("build" in each for each in services.values())
