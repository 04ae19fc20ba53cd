"""Which worker and which verb loads which library: one table, held by real processes over a real fleet.

What is loaded costs whoever starts it: pandas 200 ms and 36 MB, ccxt 350 ms and 45 MB, numpy 55 ms and 12 MB, rich with
what it loads for tracebacks 60 ms and 4 MB.
"""

import subprocess
import sys

import pytest

from config import environment
from tests.backfilling import fleet, simulator, until
from tests.trading import actions, feed, high, opened

KNOWN = {"aiohttp", "apsw", "argcomplete", "attr", "ccxt", "docker", "numpy", "pandas", "pandas_ta", "plotext",
         "pyarrow", "pygments", "requests", "rich", "structlog", "talib", "yaml"}  # fmt: skip
EVERY = {"structlog", "yaml"}
LOOK = EVERY | {"apsw", "rich"}
VERBS = {
    "--help": EVERY,
    "status": LOOK,
    "status --format json": LOOK,
    "gaps": LOOK,
    "report": LOOK,
    "report one": LOOK,
    "report --since 1h": LOOK | {"numpy"},
    "trades": LOOK,
    "why one": LOOK,
    "chart one": LOOK | {"plotext"},
}
TRADER = EVERY | {"apsw", "numpy", "talib"}
BACKFILLER = TRADER | {"ccxt", "requests", "rich"}
TOLD = """
import atexit, runpy, sys
file, module = sys.argv.pop(1), sys.argv.pop(1)
atexit.register(lambda: open(file, "w").write(" ".join({name.partition(".")[0] for name in sys.modules})))
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def traded(tmp_path):
    """A fleet whose strategy is to decide a bar."""
    settings, db = opened(tmp_path, high("one"))
    with db:
        feed(db, 99, 98, 101)
        yield settings, db


def begun(settings, module, *words):
    """A process of this module, which writes down what it has loaded when it ends."""
    code = [sys.executable, "-c", TOLD, str(settings.database.with_name("loaded")), module, *words]
    variables = environment.child(settings.directory, settings.database)
    return subprocess.Popen(code, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def loaded(settings, process):
    """What it had loaded at its end, of the libraries that are known here."""
    process.communicate()
    return set(settings.database.with_name("loaded").read_text().split()) & KNOWN


@pytest.mark.parametrize("words", VERBS)
def test_verbs(traded, words):
    """Whoever only looks at a fleet needs neither what trades nor what fetches."""
    assert loaded(traded[0], begun(traded[0], "fleet.cli", *words.split())) == VERBS[words]


def test_a_trader(traded):
    """Until it has decided: no exchange, no pandas, nothing that draws."""
    settings, db = traded
    with begun(settings, "trader") as process:
        until(lambda: actions(db))
        process.terminate()
        assert loaded(settings, process) == TRADER


def test_a_backfiller(tmp_path):
    """Until everything is fetched."""
    with simulator() as running:
        settings = fleet(tmp_path, running, "binance BTC/USDT 1h 10")
        process = begun(settings, "backfiller", "--once")
        assert loaded(settings, process) == BACKFILLER
        assert process.returncode == 0
