"""The fleet of a soak: its files, its exchange, its processes, and what the harness did to them."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from db.sqlite.migrate import migrate
from exchange.simulated import Simulator
from runtime.clock import Clock
from tests.kit.rows import Error, rows
from tests.soak.facts import Ordered
from tests.soak.journal import last_write

PRELOAD = Path(__file__).parent / "preload"
AIMS = (
    "ohlcv_data",
    "gaps",
    "decisions",
    "orders",
    "trades",
    "equity",
    "positions",
    "claims",
    "holders",
    "series_heads",
    "",
)
AIMED = 2.5  # seconds: a bar of a minute lasts two
FRESH = 1_000_000_000  # nanoseconds since its last write within which a kill or freeze counts
FLEET = """\
environment: simulated
any_filesystem: true
database: {database}
exchanges:
  binance: {{ rate: 500, timeout: 2, base_url: "{url}/binance", costs: {{ taker: 0.0002, maker: 0.0002 }} }}
  coinbase: {{ rate: 500, timeout: 2, base_url: "{url}/coinbase", costs: {{ taker: 0.0002, maker: 0.0002 }} }}
defaults: {{ last: 60 }}
supervision: {{ heartbeat: 0.5, lease: 2 }}
"""
STRATEGY = """\
strategy_id: {one}
exchange: {exchange}
symbol: {symbol}
timeframe: {timeframe}
strategy: rules
params: {{ entry: close > open, exit: close < open }}
capital: 1000
warmup: 2
exits: {{ max_bars: {max_bars}{stop} }}
"""
MARKETS = (
    ("binance", "BTC/USDT"), ("binance", "ETH/USDT"), ("binance", "SOL/USDT"), ("binance", "XRP/USDT"),
    ("coinbase", "ETH/USD"),
)  # fmt: skip


def steady() -> int:
    """Nanoseconds of the clock that nobody sets."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


@dataclass
class World:
    """`rooms`: the room of each process. `wanted`: by strategy the text of its file; `told`: what was ordered."""

    folder: Path
    exchange: Simulator
    dice: random.Random
    traders: int
    rooms: list[str] = field(default_factory=list)
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    wanted: dict[str, str] = field(default_factory=dict)
    stops: dict[str, str] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    ordered: list[Ordered] = field(default_factory=list)
    later: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    clock_set: list[int] = field(default_factory=list)
    ended: Counter[str] = field(default_factory=Counter)
    generation: int = 100_000

    def __post_init__(self) -> None:
        (self.folder / "config" / "strategies").mkdir(parents=True)
        (self.folder / "journal").mkdir()
        self.set_clock(0.0)
        self.write("fleet.yaml", FLEET.format(url=self.exchange.url, database=self.database))
        for exchange, symbol in MARKETS:
            for timeframe in ("1m", "5m"):
                for stop in ("", "0.001"):
                    self._add(exchange, symbol, timeframe, stop)
        triple = self.exchange.clock.triple()
        clock = Clock(int(triple["start"]), int(triple["origin"]), triple["speed"])
        migrate(self.database, "simulated", clock=clock.dump(), any_filesystem=True)
        self.rooms = ["backfiller", *["trader"] * self.traders]
        self.processes = [self._begin(place) for place in range(len(self.rooms))]

    def _add(self, exchange: str, symbol: str, timeframe: str, stop: str) -> None:
        one = f"{exchange}-{symbol.partition('/')[0].lower()}-{timeframe}{'-stop' if stop else ''}"
        values = {"exchange": exchange, "symbol": symbol, "timeframe": timeframe, "max_bars": self.generation}
        self.wanted[one] = STRATEGY.format(one=one, stop=f", stop: {stop}" if stop else "", **values)
        if stop:
            self.stops[one] = stop
        self.write(f"strategies/{one}.yaml", self.wanted[one])

    @property
    def database(self) -> Path:
        """The shared file."""
        return self.folder / "trading.db"

    def write(self, name: str, text: str) -> None:
        """A file of the configuration, as an editor saves it."""
        file = self.folder / "config" / name
        part = file.with_name(f".{file.name}.part")
        part.write_text(text)
        part.replace(file)

    def set_clock(self, seconds: float) -> None:
        """Let the machine's clock be wrong by so much, for the workers and the commands."""
        part = self.folder / "machine.clock.part"
        part.write_text(str(seconds))
        part.replace(self.folder / "machine.clock")
        self.clock_set.append(steady())

    def environment(self) -> dict[str, str]:
        """Of every process."""
        paths = {"TEST_CLOCK": self.folder / "machine.clock", "TEST_JOURNAL": self.folder / "journal"}
        return {
            **os.environ,
            "PYTHONPATH": f"{PRELOAD}:{Path.cwd()}",
            **{name: str(path) for name, path in paths.items()},
        }

    def _begin(self, place: int) -> "subprocess.Popen[bytes]":
        words = [sys.executable, "-m", self.rooms[place], "--config", str(self.folder / "config")]
        with (self.folder / f"{self.rooms[place]}-{place}.log").open("ab") as log:
            return subprocess.Popen(words, env=self.environment(), stderr=log, stdin=subprocess.DEVNULL)

    def command(self, *words: str) -> int:
        """A verb of the `fleet` command; its exit status. What it says goes to a log. The world goes on meanwhile: a
        process that stands still with the write lock would hold it up otherwise.
        """
        line = [sys.executable, "-m", "fleet.cli", words[0], "--config", str(self.folder / "config")]
        line += ["--database", str(self.database), *words[1:]]
        with (self.folder / "commands.log").open("ab") as log:
            log.write(f"$ {' '.join(words)}\n".encode())
            log.flush()
            done = subprocess.Popen(line, env=self.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        while done.poll() is None:
            self.tend()
            time.sleep(0.02)
        return done.returncode

    def tend(self) -> None:
        """Start again what has ended, and do what has become due."""
        for place, process in enumerate(self.processes):
            if process.poll() is not None:
                self.ended[f"{self.rooms[place]} {process.returncode}"] += 1
                self.processes[place] = self._begin(place)
        now = time.monotonic()
        due = [each for each in self.later if each[0] <= now]
        self.later = [each for each in self.later if each[0] > now]
        for _, work in due:
            work()

    def after(self, seconds: float, work: Callable[[], None]) -> None:
        """Do something a little later."""
        self.later.append((time.monotonic() + seconds, work))

    def struck(self) -> tuple[int, str] | None:
        """Stop (SIGSTOP) a process that is writing, in the middle of a transaction where one can be caught in time: one
        that writes the table that is aimed at, else any.

        Its place and the table that it wrote last; None where nobody has written within the second before.
        """
        aim, began = self.dice.choice(AIMS), time.monotonic()
        while (waited := time.monotonic() - began) < AIMED + 1:
            for place in self.dice.sample(range(len(self.processes)), len(self.processes)):
                if self._writes(place, aim if waited < AIMED else "") and self._stopped(place):
                    return place, self._last(place)[1]
            time.sleep(0.0005)
        places = self.dice.sample(range(len(self.processes)), len(self.processes))
        found = next((place for place in places if steady() - self._last(place)[0] < FRESH), None)
        if found is None:
            return None
        self.processes[found].send_signal(signal.SIGSTOP)
        return found, self._last(found)[1]

    def _stopped(self, place: int) -> bool:
        """Whether a process that was writing still is, now that it stands still; it goes on where not."""
        self.processes[place].send_signal(signal.SIGSTOP)
        if self._writes(place):
            return True
        self.processes[place].send_signal(signal.SIGCONT)
        return False

    def _writes(self, place: int, table: str = "") -> bool:
        """Whether a process is in the middle of a transaction, and wrote this table last."""
        last = self._last(place)[1]
        return last.startswith(table) and last.endswith("(writing)")

    def _last(self, place: int) -> tuple[int, str]:
        """When a process that lives wrote last, and which table."""
        process = self.processes[place]
        return last_write(self.folder / "journal", process.pid) if process.poll() is None else (0, "")

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        """Rows of the database, nothing where it cannot be read now."""
        try:
            return rows(self.database, sql)
        except Error:
            return []

    def stop(self) -> Counter[int]:
        """SIGTERM for all; their exit statuses."""
        for process in self.processes:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        return Counter(process.wait(60) for process in self.processes)

    def leave(self) -> None:
        """Write down what the checker cannot know otherwise."""
        triple = self.exchange.clock.triple()
        shown = int(triple["start"] + (time.time() * 1000 - triple["origin"]) * triple["speed"])
        told = {
            "stops": self.stops,
            "renamed": self.renamed,
            "ordered": [asdict(each) for each in self.ordered],
            "clock": [shown, steady(), triple["speed"]],
            "clock_set": self.clock_set,
        }
        (self.folder / "told.json").write_text(json.dumps(told))
