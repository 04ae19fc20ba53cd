"""A whole fleet into which secrets were put wherever somebody could: no byte that it leaves or says holds one."""

import json
import signal
import subprocess
from types import SimpleNamespace

import pytest

from db.sqlite.connection import connect
from tests.backfilling import fleet, simulator, until
from tests.fleet_processes import begin, command, events, spelled
from tests.gateway import gateway
from tests.kit.rows import rows
from tests.trading import high

CANARY = "nightingale{}Kq/x+9"
VARIABLES = {
    "BINANCE_API_KEY": "{}",
    "KRAKEN_SECRET": "{}",
    "MY_PASSPHRASE": "{}",
    "DATABASE_URL": "postgresql://me:{}@db/x",
    "HTTP_PROXY": "http://me:{}@127.0.0.1:9",
    "https_proxy": "http://me:{}@127.0.0.1:9",
}
WRONG = {
    "APIKEY": "{}",
    "SECRET": "{}",
    "PASSWORD": "{}",
    "UID": "{}",
    "HEADERS": "{{X-Auth: {}}}",
    "BASE_URL": "http://me:{}@127.0.0.1:9/binance?token={}",
}
MADE = ("trading.db", "trading.db-wal", "trading.db.halt", "backup.db", ".database", "trader.log", "backfiller.log",
        "logs/trader-1.log", "logs/backfiller.log", "printed")  # fmt: skip
FLEET = """
environment: simulated
any_filesystem: true
database: 'postgresql://me:{0}@host/db?sslpassword={0}'
login: {0}
exchanges:
  binance:
    apiKey: {0}
    secret: [{0}]
    password: {0}
    uid: '{0}'
    credentials: {{ key: {0} }}
    base_url: 'https://me:{0}@api.test/binance?token={0}'
    headers: {{ Authorization: Bearer {0} }}
    timeout: 'Bearer {0}'
    aliases: {{ BTC/USDT: 'token={0}' }}
plugins: ['https://me:{0}@git.test/x']
series:
  - {{ exchange: binance, symbol: 'https://me:{0}@x/y', timeframe: 1h, token: {0} }}
supervision: {{ traders: 'password={0}' }}
"""
STRATEGY = "token: {0}\nexits: {{ stop: 'secret={0}', cookie: {0} }}\nstake: {{ password: {0} }}\n"
PARAMS = "params: {{ apiKey: {0}, entry: 'close > token={0}', secret: {{ a: [{0}] }} }}"
pytestmark = pytest.mark.timeout(600)  # a whole fleet, several times


@pytest.fixture
def told():
    """What the verbs have printed."""
    return []


@pytest.fixture
def canaries(monkeypatch):
    """One after the other, so that it shows which place has leaked; the environment is full of them."""
    numbers = iter(range(1000))

    def one():
        return CANARY.format(next(numbers))

    for name, text in VARIABLES.items():
        monkeypatch.setenv(name, text.format(one()))
    return one


@pytest.fixture
def running(tmp_path, canaries):
    """A backfiller and a trader that have been through errors and have traded, left running: settings, processes."""
    with simulator(speed=12.0) as exchange, gateway(exchange.url, canaries()) as between:
        series = ("binance BTC/USDT 1m 300", "binance ETH/USDT 1h 300")
        settings = fleet(tmp_path, SimpleNamespace(url=between.url, clock=exchange.clock), *series)
        (tmp_path / "strategies").mkdir()
        (tmp_path / "strategies" / "one.yaml").write_text(high("one").replace("1h", "1m"))
        processes = [begin(settings, room) for room in ("backfiller", "trader")]
        try:
            until(lambda: rows(settings.database, "select count(*) from decisions where action = 'enter'") != [(0,)])
            until(lambda: between.errors > 12)
            with connect(settings.database, any_filesystem=True):  # whoever is stopped last leaves the -wal
                yield settings, processes
        finally:
            for process in processes:
                process.kill()
                process.wait()


def leaks(settings, told):
    """Every file of the fleet but its configuration, and everything that was printed, in which a canary stands."""
    own = {settings.directory / "fleet.yaml", *settings.directory.glob("strategies/*")}
    files = [path for path in settings.database.parent.rglob("*") if path.is_file() and path not in own]
    texts = {str(path.relative_to(settings.directory)): path.read_bytes() for path in files} | {
        "printed": "\n".join(told).encode()
    }
    assert {"trading.db", "trading.db-wal", "trading.db.halt", "backup.db", "trader.log", "backfiller.log"} <= set(
        texts
    )
    return {name: _around(text) for name, text in texts.items() if b"nightingale" in text.lower()}


def _around(text):
    """The first one with what stands before it."""
    place = text.lower().index(b"nightingale")
    return text[max(0, place - 200) : place + 60]


def test_no_canary_anywhere(running, canaries, told, monkeypatch):
    """Through errors that echo requests, orders with reasons, broken files and variables, a kill."""
    settings, processes = running

    def typed(*words, status=None):
        done = command(settings, *words)
        told.extend((done.stdout, done.stderr))
        assert status in (None, done.returncode), done.stderr
        return done

    typed("pause", "one", "--reason", f"Authorization: Bearer {canaries()}", status=0)
    typed("validate")
    broken(settings, canaries)
    for room in ("backfiller", "trader"):
        until(lambda room=room: events(settings, room, "configuration_refused"))
        beaten = f"select count(*) from workers where room = '{room}' and detail like '%configuration%'"
        until(lambda beaten=beaten: rows(settings.database, beaten) == [(1,)])
    typed(
        "kill-switch", "on", "--reason", f"Bearer {canaries()} and https://me:{canaries()}@x/?a={canaries()}", status=0
    )
    typed("exit", "one", "--reason", f"password={canaries()}", status=0)
    until(lambda: rows(settings.database, "select count(*) from orders where purpose = 'manual'") == [(1,)])
    typed("validate", status=2)
    typed("status", "--format", "json", status=1)
    typed("status")
    for form in ("json", "csv"):
        typed("report", "--format", form, "--view", "round_trips", status=0)
    typed("backup", str(settings.database.with_name("backup.db")), status=0)
    for process in processes:
        process.send_signal(signal.SIGKILL)
        process.wait()
    told.append(taken_up(settings))
    for name, text in WRONG.items():
        monkeypatch.setenv(f"TRADEFLEET_EXCHANGES__BINANCE__{name}", text.format(canaries(), canaries()))
    for verb in ("validate", "up", "trade", "backfill"):
        typed(verb, status=2)
    assert leaks(settings, told) == {}
    assert "***" in (settings.database.with_name("backfiller.log")).read_text()
    assert "***" in json.dumps(told)


def broken(settings, canaries):
    """Canaries in every file, under every key that somebody might put a secret."""
    one = settings.directory / "strategies" / "one.yaml"
    text = one.read_text().replace("params: { entry: close > 100, exit: close < 100 }", PARAMS.format(canaries()))
    assert "apiKey" in text
    one.write_text(text + STRATEGY.format(canaries()))
    (settings.directory / "fleet.yaml").write_text(FLEET.format(canaries()))


def taken_up(settings):
    """What `fleet up` says when it starts with what was good before, and is stopped."""
    up = subprocess.Popen(spelled(settings, "up"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    logs = [settings.database.parent / "logs" / f"{name}.log" for name in ("backfiller", "trader-1")]
    try:
        until(lambda: all(log.exists() and "configuration_refused" in log.read_text() for log in logs))
    finally:
        up.terminate()
        said, _ = up.communicate()
    assert "starts with what was good before" in said
    return said
