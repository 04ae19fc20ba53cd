"""The demo stack in real containers, as one Compose project."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parents[1]
IMAGE = "tradefleet-test"  # not the one that somebody's own fleet runs on
STRATEGIES = 7
COMPOSE = ["docker-compose"] if shutil.which("docker-compose") else ["docker", "compose"]
SILENT_MS = 8_000
FACTS = """
import json
from pathlib import Path
from db.sqlite.connection import connect_readonly
from runtime.clock import now_ms
QUERIES = {
    'held': f'select strategy_id, holder from leases where expires_ms > {now_ms()}',
    'workers': "select worker_id, host, detail from workers where room = 'trader'"
        f' and beat_ms > {now_ms() - SILENT}',
    'integrity': 'pragma integrity_check',
    'decisions': 'select strategy_id, count(*) from decisions group by 1',
    'bars': 'select s.strategy_id, count(*) from strategies s join ohlcv_data o using (exchange, symbol, timeframe)'
        ' join strategy_totals t using (strategy_id)'
        ' where o.timestamp between (select min(timestamp) from decisions d where d.strategy_id = s.strategy_id)'
        ' and t.decided_timestamp group by 1',
    'doubled': 'select client_order_id from trades group by 1 having count(*) > 1',
    'trades': 'select count(*) from trades',
}
with connect_readonly(Path('/data/trading.db')) as db, db.snapshot():
    found = {name: db._connection.execute(sql).fetchall() for name, sql in QUERIES.items()}
print(json.dumps({name: [tuple(row) for row in rows] for name, rows in found.items()}))
""".replace("SILENT", str(SILENT_MS))


UNDECIDED = """
import os, re, signal, sys, time
from pathlib import Path
from db.sqlite.connection import connect_readonly
init, host = sys.argv[1:]
pid = int(Path(f'/proc/{init}/task/{init}/children').read_text().split()[0])
inode = os.stat('/data/trading.db.lock').st_ino
holds = re.compile(rf'^\\d+: FLOCK +ADVISORY +WRITE {pid} \\S+:{inode} ', re.M)
due = (f"select count(*) from leases l join strategies s using (strategy_id)"
       f" join series_heads h using (exchange, symbol, timeframe) join strategy_totals t using (strategy_id)"
       f" where l.holder like 'trader-{host}-%' and h.last_timestamp > t.decided_timestamp")
with connect_readonly(Path('/data/trading.db')) as db:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if not holds.search(Path('/proc/locks').read_text()):
            continue
        os.kill(pid, signal.SIGSTOP)
        if holds.search(Path('/proc/locks').read_text()) and db._connection.execute(due).fetchone()[0]:
            os.kill(pid, signal.SIGKILL)
            sys.exit(0)
        os.kill(pid, signal.SIGCONT)
sys.exit('it was never seen in the middle of a turn')
"""
SIGNAL = """
import fcntl, os, signal, sys
from pathlib import Path
init, name = sys.argv[1:]
lock = open('/data/trading.db.lock')
fcntl.flock(lock, fcntl.LOCK_EX)  # not in the middle of a write: that would stop everybody
os.kill(int(Path(f'/proc/{init}/task/{init}/children').read_text().split()[0]), signal.Signals[name])
"""


def run(*words: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
    """A command on the host."""
    env = {**os.environ, "TRADEFLEET_IMAGE": IMAGE}
    return subprocess.run(words, cwd=HOUSE, env=env, capture_output=True, text=True, check=check, timeout=600)


def inspected(name: str, what: str) -> str:
    """A fact about a container, as a Go template."""
    return run("docker", "inspect", "-f", what, name).stdout.strip()


def until(met: Callable[[], object], seconds: float = 90.0) -> float:
    """Wait for a condition; the seconds it took. What a container that is being replaced cannot answer is not met."""
    began = time.monotonic()
    while not _answered(met):
        assert time.monotonic() - began < seconds, "not met in time"
        time.sleep(0.5)
    return time.monotonic() - began


def _answered(met: Callable[[], object]) -> bool:
    try:
        return bool(met())
    except (subprocess.CalledProcessError, IndexError, json.JSONDecodeError):
        return False


@dataclass(frozen=True)
class Stack:
    """One Compose project; `files` are Compose files beside the house's own. Without `demo` the real exchanges."""

    name: str
    files: tuple[Path, ...] = ()
    demo: bool = True

    def service(self, worker: str) -> str:
        """What Compose calls the trader or the backfiller."""
        return f"demo-{worker}" if self.demo else worker

    def compose(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Compose, on this project."""
        files = [word for file in (HOUSE / "docker-compose.yml", *self.files) for word in ("-f", str(file))]
        profile = ("--profile", "demo") if self.demo else ()
        return run(*COMPOSE, *files, "-p", self.name, *profile, *words)

    def containers(self, worker: str = "trader") -> list[str]:
        """The names of the running containers of the traders or the backfiller."""
        labels = [f"project={self.name}", f"service={self.service(worker)}"]
        filters = [word for label in labels for word in ("--filter", f"label=com.docker.compose.{label}")]
        return sorted(run("docker", "ps", *filters, "--format", "{{.Names}}").stdout.split())

    def scale(self, replicas: int) -> None:
        """So many traders, and what they need."""
        trader = self.service("trader")
        self.compose("up", "-d", "--no-recreate", "--scale", f"{trader}={replicas}", trader, self.service("backfiller"))

    def inside(self, *words: str) -> str:
        """What a command prints in the backfiller's container."""
        return run("docker", "exec", self.containers("backfiller")[0], *words).stdout

    def facts(self) -> dict[str, Any]:
        """What the database says."""
        found: dict[str, Any] = json.loads(self.inside("python", "-c", FACTS))
        return found

    def trades(self) -> int:
        """How many there are."""
        return int(self.facts()["trades"][0][0])

    def balanced(self, replicas: int, strategies: int = STRATEGIES) -> bool:
        """Whether every strategy is held once and the replicas are within one of each other."""
        found = self.facts()
        counts = [json.loads(detail)["strategies"] for _, _, detail in found["workers"]]
        return len(found["held"]) == strategies and len(counts) == replicas and max(counts) - min(counts) <= 1

    def sound(self) -> None:
        """Nothing lost, nothing doubled."""
        found = self.facts()
        assert found["integrity"] == [["ok"]]
        assert found["doubled"] == []
        assert found["decisions"] == found["bars"]

    def crash_in_a_turn(self, name: str) -> None:
        """kill -9 of a trader's process while it holds the write lock with candles of its strategies undecided."""
        self._beside(UNDECIDED, name, inspected(name, "{{.Config.Hostname}}"))

    def signal(self, name: str, signal: str) -> None:
        """Send a signal such as SIGSTOP to the worker's process itself: it is not the first one of its container."""
        self._beside(SIGNAL, name, signal)

    def _beside(self, code: str, name: str, word: str) -> None:
        """Run Python as root in a container that sees the processes of the host and the project's volume."""
        words = ["--user", "0", "--pid", "host", "-v", f"{self.name}_demo:/data", IMAGE, "python", "-c", code]
        run("docker", "run", "--rm", *words, inspected(name, "{{.State.Pid}}"), word)

    def logs(self, worker: str = "trader") -> str:
        """What the traders that run, or the backfiller, have said."""
        return "".join(run("docker", "logs", name).stderr for name in self.containers(worker))

    def down(self) -> None:
        """Everything of it away, its data too."""
        self.compose("down", "-v", "--remove-orphans", "-t", "15")


@contextmanager
def running(stack: Stack, traders: int) -> Iterator[Stack]:
    """The stack with so many traders, once it has traded."""
    stack.down()
    try:
        stack.scale(traders)
        until(lambda: stack.trades() > 0, 180)
        yield stack
    finally:
        stack.down()
