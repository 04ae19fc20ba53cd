"""Every example of every `fleet VERB --help`, and every command of the documents, is typed as it stands there."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from socket import socket

import pytest

from exchange.simulated.faults import parse
from fleet import cli, verbs
from fleet.command_line import FIRST_STEPS
from fleet.verbs import VERBS
from fleet.verbs.verb import example_lines
from tests.backfilling import simulator
from tests.docker_engine import standing
from tests.typed_fleet import IN_CONTAINERS, NOW, interrupted, made, typed, variables

HOUSE = Path(__file__).resolve().parents[2]
PAGES = [HOUSE / "README.md", HOUSE / "CONTRIBUTING.md", *sorted((HOUSE / "docs").glob("*.md"))]
COMMANDS = ("fleet ", "docker ", "make ", "sqlite3 ", "python -m ")
EXAMPLES = {verb: verbs.load(verb).examples for verb in VERBS}
SHELL = re.compile(r"""^(?:[^"']|"[^"]*"|'[^']*')*?[;&|<>$*~]""")  # outside of quotes: what takes a shell to be read


def bare(line: str) -> str:
    """A line without the remark behind it."""
    return re.sub(r"\s+# .*", "", line)


def shown() -> list[str]:
    """The examples of all verbs, and the first steps."""
    return [line for each in (FIRST_STEPS, *EXAMPLES.values()) for line, _ in each]


def documented() -> list[str]:
    """The commands in the blocks of the documents."""
    lines = []
    for page in PAGES:
        inside = False
        for line in page.read_text("utf-8").splitlines():
            inside ^= line.startswith("```")
            lines += [bare(line)] if inside and line.startswith(COMMANDS) else []
    return lines


EVERY = list(dict.fromkeys([*shown(), *documented()]))
DEMO = "takes its time; its shortest form is typed below, and tests/acceptance/test_fleet.py watches it"
STACK = "needs a Docker engine and minutes: tests/containers/test_documents.py"
MAKE = "takes minutes, or needs the internet: that there is such a target is asked below"
SIMULATOR = (
    "python -m exchange.simulated --port 8000 --speed 60 --clock data/dry-clock.json --fault limited:kraken,count=3 &"
)
DRY = "one session with the lines around it: typed as one below"
ELSEWHERE = {
    "fleet demo": DEMO,
    "fleet demo --seconds 20 --seed 7": DEMO,
    "fleet demo --fault broken:binance,share=0.1": DEMO,
    "docker build -t tradefleet .": "takes minutes: tests/containers/conftest.py builds it under another name",
    **{line: STACK for line in IN_CONTAINERS if line.startswith("docker ")},
    "make run": MAKE,
    "make test": MAKE,
    "make witness": MAKE,
    "make breaks": MAKE,
    "make mutants": MAKE,
    "make lint": MAKE,
    "make bench": MAKE,
    "make schema": MAKE,
    "make lock": MAKE,
    "fleet up": "typed by the fixture `fleet`: the fleet of all other lines was up",
    SIMULATOR: DRY,
    "fleet backfill --once && fleet up": DRY,
}  # what is not typed line by line, and why
UNTIL_CTRL_C = {
    "fleet up --traders 1": ("backfiller", "trader"),
    "fleet up --last-good": ("backfiller", "trader"),
    "fleet backfill": ("backfiller",),
    "fleet trade --strategy btc-bin-1h": ("trader",),
    "fleet logs --follow": (),
}  # what goes on, and the workers that have to live until then
BACKUP = "fleet backup ~/backups/2025-06-01.db"
KEPT = 'fleet trade --replay --keep june.db --from 2025-06-01 --to "2025-06-30 23:00"'
BEFORE = {
    "fleet restore ~/backups/2025-06-01.db": BACKUP,
    "fleet restore ~/backups/2025-06-01.db --database look.db": BACKUP,
    "fleet report --view round_trips --database june.db": KEPT,
    "fleet report --strategy btc-bin-1h~1": "fleet exit btc-bin-1h; fleet reset btc-bin-1h",
    "fleet rename btc-rsi btc-bin-1h": "fleet rename btc-bin-1h btc-rsi",
    "fleet init": "rm -r config docker-compose.yml .env.example .gitignore",
}  # what has to be typed first
IMPORT = "fleet import "
TYPED = [line for line in EVERY if line not in ELSEWHERE and line not in BEFORE.values()]
NO_CONTAINERS = (2, "no containers of")
ENDS = {
    "fleet logs --follow": (130, ""),
    "fleet restart --project my-fleet": NO_CONTAINERS,
    **{line: NO_CONTAINERS for line in IN_CONTAINERS if line.startswith("fleet ")},
}  # with another status than 0, and these words; containers are there in tests/containers/test_documents.py


@pytest.fixture(scope="module")
def engine():
    """A Docker engine without containers."""
    with standing([]) as found:
        yield found.address


@pytest.fixture(scope="module")
def exchange():
    """The simulated exchanges: nearly no time passes on them. By their seed btc-bin-1h is flat: it can be reset."""
    with simulator(start=NOW, speed=1e-6, seed=2) as running:
        yield running


@pytest.fixture(scope="module")
def fleet(tmp_path_factory, exchange, engine):
    """The folder of a fleet that has traded and wrote logs."""
    place = tmp_path_factory.mktemp("fleet")
    environ = variables(exchange.url, place, engine)
    made(place / "folder", exchange, environ)
    assert interrupted("fleet up", place / "folder", environ, ("backfiller", "trader")).returncode == 0
    return place / "folder"


@pytest.fixture
def shell(fleet, exchange, engine, tmp_path, monkeypatch, capfd):
    """Types a line in a copy of the fleet's folder, with a home of one's own: its status, and what was said."""
    folder, home = shutil.copytree(fleet, tmp_path / "folder"), tmp_path / "home"
    for name in ("backups", ".config/fish/completions"):
        (home / name).mkdir(parents=True)
    environ = variables(exchange.url, home, engine)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)

    def run(line):
        if line in UNTIL_CTRL_C:
            done = interrupted(line, folder, {}, UNTIL_CTRL_C[line])
        elif line.startswith("fleet ") and not SHELL.search(line):
            status = cli.main(shlex.split(line)[1:])
            return status, "".join(capfd.readouterr())
        else:
            done = typed(line, folder, {})
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.fixture
def imports(shell, monkeypatch):
    """Types a line of `fleet import`: into a fleet on real exchanges, for files hold their candles."""
    monkeypatch.setenv("TRADEFLEET_ENVIRONMENT", "real")
    shutil.rmtree("data")
    return shell


@pytest.mark.parametrize("line", [line for line in TYPED if not line.startswith(IMPORT)])
def test_a_line_works_as_it_stands(shell, line):
    """Typed in the folder of a fleet that has traded: with status 0, or refused as documented."""
    if line.startswith("sqlite3 ") and not shutil.which("sqlite3") and not os.environ.get("CI"):
        pytest.skip("no sqlite3 is installed here: README.md names it as one of any clients")
    if line in BEFORE:
        status, told = shell(BEFORE[line])
        assert status == 0, told
    wanted, words = ENDS.get(line, (0, ""))
    status, told = shell(line)
    assert status == wanted, told
    assert words in told
    assert "Traceback" not in told


@pytest.mark.parametrize("line", [line for line in TYPED if line.startswith(IMPORT)])
def test_an_import_works_as_it_stands(imports, line):
    """Everything is stored, and said."""
    status, told = imports(line)
    assert status == 0, told
    assert "48" in told


@pytest.mark.parametrize("table", [ELSEWHERE, UNTIL_CTRL_C, BEFORE, ENDS])
def test_the_tables_name_lines_that_are_there(table):
    """An example that is gone is gone from them too."""
    assert [line for line in table if line not in EVERY] == []


def test_every_verb_has_examples():
    """Two to five, each with the verb itself."""
    assert [verb for verb, found in EXAMPLES.items() if not 2 <= len(found) <= 5] == []
    assert [verb for verb, found in EXAMPLES.items() if f"fleet {verb}" not in found[0][0]] == []


@pytest.mark.parametrize("verb", [*VERBS])
def test_help_shows_them(verb, capsys):
    """In lines that may be copied whole, no longer than the rest."""
    assert cli.main([verb, "--help"]) == 0
    said = capsys.readouterr().out
    assert example_lines(EXAMPLES[verb]) in said
    assert max(map(len, example_lines(EXAMPLES[verb]).splitlines())) <= 120


FAULT = re.compile(r"\b[a-z0-9]+:[a-z]+,\w+=[\w.]+")
FAULTS = [
    found for page in [*PAGES, *(HOUSE / "fleet").rglob("*.py")] for found in FAULT.findall(page.read_text("utf-8"))
]


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_that_is_named_exists(fault):
    """As `--fault` takes it."""
    assert parse(fault).exchange


@pytest.mark.parametrize("line", [line for line in ELSEWHERE if line.startswith("make ")])
def test_make_knows_the_targets(line):
    """What it would do is not done."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run([*line.split(), "-n"], cwd=HOUSE, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_shortest_demo_works(shell):
    """With a fault, as the example has it."""
    status, told = shell("fleet demo --fault broken:binance,share=0.1 --seconds 2")
    assert status == 0, told


def test_the_dry_run_of_the_page(shell):
    """The session of docs/architecture.md, on a free port: the fleet lives on the simulated exchange."""
    page = (HOUSE / "docs" / "architecture.md").read_text("utf-8")
    session = re.search(rf"{re.escape(SIMULATOR)}\n(.*?)```", page, re.DOTALL)[1]
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    lines = f"{SIMULATOR}\nuntil [ -e data/dry-clock.json ]; do sleep 0.1; done\n{session}".replace("8000", port)
    Path("data/dry-clock.json").unlink()
    done = interrupted(lines, Path.cwd(), {}, ("backfiller", "trader"), Path("data/dry.db"))
    assert done.returncode == 0, done.stdout
