"""Twenty strategies on 1, 3 and 8 traders: how they are dealt, how fast, and how soon a dead trader is replaced."""

import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import fleet_files
from benchmarks.measure import table
from config import environment
from config.settings import Settings
from db.fleet import leases
from db.fleet.leases import Kind
from db.sqlite.connection import connect_readonly
from runtime import clock

STRATEGIES, REPLICAS, KILLS = 20, (1, 3, 8), 30
LOOKED = 10  # seconds over which a trader's CPU is read
PATIENCE = 60.0
TICKS = 100  # of a second, in /proc
Traders = list["subprocess.Popen[bytes]"]


def run() -> None:
    """Real trader processes with the default lease and heartbeat."""
    rows = []
    for count in REPLICAS:
        with fleet(count) as (settings, traders):
            rows.append(_dealt(settings, traders))
            if count == REPLICAS[1]:
                rows += _used(settings, traders)
            if count == REPLICAS[-1]:
                rows.append(_killed(settings, traders))
    table(f"{STRATEGIES} strategies shared by traders (aim: taken over in 10 s)", rows)


@contextmanager
def fleet(count: int) -> Iterator[tuple[Settings, Traders]]:
    """`count` traders that have just been started."""
    with tempfile.TemporaryDirectory(prefix="tradefleet-bench-") as folder:
        settings = fleet_files.configured(Path(folder), STRATEGIES)
        traders = [_begin(settings) for _ in range(count)]
        try:
            yield settings, traders
        finally:
            for each in traders:
                each.terminate()
            for each in traders:
                each.wait()


def _begin(settings: Settings) -> "subprocess.Popen[bytes]":
    variables = environment.child(settings.directory, settings.database)
    return subprocess.Popen([sys.executable, "-m", "trader"], env=variables, stderr=subprocess.DEVNULL)


def _dealt(settings: Settings, traders: Traders) -> tuple[str, str]:
    """Until all are within one of each other, and how many each has."""
    seconds = _until(lambda: _balanced(settings, traders))
    hands = sorted(Counter(_held(settings).values()).values(), reverse=True)
    return f"{len(traders)} traders, seconds until balanced", f"{seconds:.1f} s, {' '.join(map(str, hands))}"


def _killed(settings: Settings, traders: Traders) -> tuple[str, str]:
    """Seconds from a kill -9 until living traders hold everything."""
    dice, found = random.Random(1), []
    for _ in range(KILLS):
        place = dice.randrange(len(traders))
        traders[place].kill()
        traders[place].wait()
        found.append(_until(lambda: _covered(settings, traders)))
        traders[place] = _begin(settings)
        _until(lambda: _balanced(settings, traders))
    told = f"p50 {statistics.median(found):.1f} s, worst {max(found):.1f} s"
    return f"{len(traders)} traders, {KILLS} kills, taken over in", told


def _used(settings: Settings, traders: Traders) -> list[tuple[str, str]]:
    """CPU and memory of each trader, idle and with a new bar of every series each second."""
    idle = _cpu(traders, lambda _: time.sleep(1))
    working = _cpu(traders, lambda number: _bar(settings, number))
    memory = max(_resident(each.pid) for each in traders)
    who = f"each of {len(traders)} traders"
    return [
        (f"{who}, CPU idle / a bar of all series every second", f"{idle:.1%} / {working:.1%} of a core"),
        (f"{who}, resident memory at most", f"{memory:.1f} MB"),
    ]


def _bar(settings: Settings, number: int) -> None:
    fleet_files.next_bar(settings, number)
    time.sleep(1)


def _cpu(traders: Traders, second: Callable[[int], None]) -> float:
    """The part of a core that one trader used on average."""
    before, began = sum(_ticks(each.pid) for each in traders), time.monotonic()
    for number in range(LOOKED):
        second(number)
    used = sum(_ticks(each.pid) for each in traders) - before
    return used / TICKS / len(traders) / (time.monotonic() - began)


def _ticks(pid: int) -> int:
    """User and system time of a process, in ticks."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(words[11]) + int(words[12])


def _resident(pid: int) -> float:
    """Megabytes in memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def _held(settings: Settings) -> dict[str, str]:
    """Who holds what now."""
    with connect_readonly(settings.database) as db:
        return leases.held(db, Kind.STRATEGY, clock.now_ms(), round(settings.supervision.lease * 1000))


def _covered(settings: Settings, traders: Traders) -> bool:
    """Whether living traders hold every strategy."""
    held, alive = _held(settings), {each.pid for each in traders if each.poll() is None}
    return len(held) == STRATEGIES and {int(holder.split("-")[-2]) for holder in held.values()} <= alive


def _balanced(settings: Settings, traders: Traders) -> bool:
    """Whether every trader holds its fair part."""
    hands = Counter(_held(settings).values())
    least, most = min(hands.values(), default=0), max(hands.values(), default=0)
    return _covered(settings, traders) and len(hands) == len(traders) and most - least <= 1


def _until(met: Callable[[], bool]) -> float:
    """Wait; the seconds that it took."""
    began = time.monotonic()
    while not met():
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError("the traders did not come to rest")
        time.sleep(0.05)
    return time.monotonic() - began
