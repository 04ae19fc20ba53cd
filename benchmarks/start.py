"""What it costs to start: verbs to their end, workers to what they are for; and who loads which library."""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO, NamedTuple

from benchmarks import fleet_files
from benchmarks.measure import table
from config import environment
from db.database import Database
from db.market_data import candles
from db.sqlite.connection import connect_readonly
from db.sqlite.migrate import migrate
from exchange.simulated import Simulator, SimulatorConfig
from runtime.clock import Clock

ROUNDS = 5
STRATEGIES = 20
PATIENCE = 60.0  # seconds
TICK = os.sysconf("SC_CLK_TCK")
SHOWN = 2.0  # milliseconds from which on a library is shown
IMPORT = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\w+)")
OURS = {"backfiller", "config", "db", "domain", "exchange", "fleet", "runtime", "strategies", "trader"}
VERB = "import sys; from fleet.cli import main; main(sys.argv[1:]); print('done', flush=True); sys.stdin.read()"

Process = subprocess.Popen[str]


class Command(NamedTuple):
    """What is started, with which variables, what goes before, and what waits until it has done what it is for."""

    words: list[str]
    variables: Mapping[str, str]
    wait: Callable[[Process], None]
    prepare: Callable[[], object] = int


class Start(NamedTuple):
    """A process that has started: seconds of CPU and on the wall, megabytes that are resident."""

    cpu: float
    wall: float
    resident: float


def run() -> None:
    """Each command some times, all of them in turns; then what each spends on importing, by library."""
    with _commands() as commands:
        rounds = [{name: _started(command) for name, command in commands.items()} for _ in range(ROUNDS)]
        imports = {name: _imports(command) for name, command in commands.items()}
    rows = [(name, _figures([each[name] for each in rounds])) for name in commands]
    table(f"starting, medians of {ROUNDS} (aim: a trader within 0.6 s CPU and 90 MB)", rows)
    for name, found in imports.items():
        table(f"imports of `{name}`", [(library, f"{spent:.0f} ms") for library, spent in found if spent >= SHOWN])


@contextmanager
def _commands() -> Iterator[dict[str, Command]]:
    """What is started: verbs beside a fleet of traders, a trader of it, and a backfiller of another one."""
    with tempfile.TemporaryDirectory(prefix="tradefleet-bench-") as name, Simulator(SimulatorConfig(speed=60)) as site:
        traded, fetched = Path(name) / "traded", Path(name) / "fetched"
        settings, bars = fleet_files.configured(traded, STRATEGIES), count()
        ours = environment.child(settings.directory, settings.database)
        theirs = environment.child(fetched, fetched / "trading.db")
        yield {
            "python -c pass": Command(["-c", "print('done', flush=True); input()"], ours, _said),
            **{f"fleet {verb}": Command(["-c", VERB, verb], ours, _said) for verb in ("--help", "status", "report")},
            "python -m trader": Command(
                ["-m", "trader"],
                ours,
                lambda _: _until(settings.database, _decided),
                lambda: fleet_files.next_bar(settings, next(bars)),
            ),
            "python -m backfiller": Command(
                ["-m", "backfiller"],
                theirs,
                lambda _: _until(fetched / "trading.db", _stored),
                lambda: _simulated(fetched, site),
            ),
        }


def _simulated(folder: Path, site: Simulator) -> None:
    """A fleet on a simulated exchange that has fetched nothing yet."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "fleet.yaml").write_text(
        "environment: simulated\nany_filesystem: true\n"
        "series: [{ exchange: binance, symbol: BTC/USDT, timeframe: 1h }]\n"
        f'exchanges: {{ binance: {{ rate: 100, base_url: "{site.url}/binance" }} }}\n'
    )
    told = site.clock.triple()
    clock = Clock(int(told["start"]), int(told["origin"]), told["speed"])
    migrate(folder / "trading.db", "simulated", clock=clock.dump(), any_filesystem=True)


def _started(command: Command) -> Start:
    """A process until it has done what it was started for."""
    begun = time.monotonic()
    with _running(command) as process:
        command.wait(process)
        wall = time.monotonic() - begun
        proc = Path(f"/proc/{process.pid}")
        user, system = (proc / "stat").read_text().rpartition(")")[2].split()[11:13]
        resident = re.search(r"VmRSS:\s+(\d+)", (proc / "status").read_text())
        assert resident is not None
        return Start((int(user) + int(system)) / TICK, wall, int(resident[1]) / 1024)


@contextmanager
def _running(command: Command, *options: str, told: IO[str] | None = None) -> Iterator[Process]:
    """A process of it for as long as the block lasts; `told` is the file for what it says on stderr."""
    command.prepare()
    words = [sys.executable, *options, *command.words]
    pipe, where = subprocess.PIPE, subprocess.DEVNULL if told is None else told
    process = subprocess.Popen(words, env=command.variables, stdin=pipe, stdout=pipe, stderr=where, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate()


def _said(process: Process) -> None:
    """Until a verb has printed its last line."""
    assert process.stdout is not None
    while process.stdout.readline().strip() != "done":
        pass


def _until(path: Path, done: Callable[[Database], bool]) -> None:
    """Until a worker has written what was waited for."""
    end = time.monotonic() + PATIENCE
    with connect_readonly(path) as db:
        while not done(db):
            if time.monotonic() > end:
                raise TimeoutError(f"{path}: nothing came of a worker")
            time.sleep(0.005)


def _decided(db: Database) -> bool:
    """Whether every strategy has decided the newest bar."""
    newest = max(head.last_timestamp for head in candles.heads(db).values())
    return [row["decided_timestamp"] for row in db.read("strategies_all")] == STRATEGIES * [newest]


def _stored(db: Database) -> bool:
    """Whether a series has candles."""
    return any(head.candles for head in candles.heads(db).values())


def _figures(starts: Sequence[Start]) -> str:
    """The medians of some starts."""
    cpu, wall, resident = map(statistics.median, zip(*starts, strict=True))
    return f"{cpu:.2f} s CPU, {wall:.2f} s wall, {resident:.0f} MB"


def _imports(command: Command) -> list[tuple[str, float]]:
    """Milliseconds that a start spends on importing each library itself, most first."""
    with tempfile.TemporaryFile("w+") as told:
        with _running(command, "-X", "importtime", told=told) as process:
            command.wait(process)
        told.seek(0)
        found = IMPORT.findall(told.read())
    spent: Counter[str] = Counter()
    for microseconds, module in found:
        spent[_library(module)] += int(microseconds)
    return [(name, each / 1000) for name, each in spent.most_common()]


def _library(module: str) -> str:
    """Whose a module is."""
    if module in OURS:
        return "our own"
    return "the standard library" if module in sys.stdlib_module_names else module
