"""Sixteen calm writers beside a greedy one: the fleet's write transaction beside plain BEGIN IMMEDIATE."""

import multiprocessing
import time
from multiprocessing.queues import Queue
from pathlib import Path

from benchmarks.measure import HOUR, SERIES, fresh, percentile, table, walk
from db.market_data import storing
from db.sqlite import library
from db.sqlite.connection import connect
from domain.candles import Source
from domain.errors import FleetError

WRITERS, SECONDS, PAUSE = 16, 8.0, 0.2  # each writes five times a second
Times = list[float]


def run() -> None:
    """Latency of the calm writers' commits, how many were lost, what the greedy one got done; both in one run."""
    fleet, plain = _round(_calm_fleet, _greedy_fleet), _round(_calm_plain, _greedy_plain)
    rows = []
    for name, (times, lost, batches) in (("fleet: lock file, then BEGIN IMMEDIATE", fleet), ("plain", plain)):
        p99, most = percentile(times, 0.99), max(times)
        rows.append((f"{name}, p50 / p99 / max", f"{percentile(times, 0.5):.1f} / {p99:.1f} / {most:.1f} ms"))
        rows.append((f"{name}, commits, lost", f"{len(times)}, {lost}"))
        rows.append((f"{name}, batches of 1,000 beside it", f"{batches}"))
    rows.append(("p99 plain / fleet", f"{percentile(plain[0], 0.99) / percentile(fleet[0], 0.99):.0f}"))
    table(f"{WRITERS} paced writers beside a greedy one for {SECONDS:.0f} s (aim: p99 20 ms, none lost)", rows)


def _round(calm: object, greedy: object) -> tuple[Times, int, int]:
    """One run: all latencies in ms, lost writes, the greedy one's batches."""
    context = multiprocessing.get_context("spawn")
    with fresh() as (path, _):
        told: Queue[tuple[Times, int]] = context.Queue()
        count: Queue[int] = context.Queue()
        start = time.time() + 6  # everybody has loaded by then
        workers = [context.Process(target=calm, args=(path, n, start, told)) for n in range(WRITERS)]  # type: ignore[arg-type]
        workers.append(context.Process(target=greedy, args=(path, start, count)))  # type: ignore[arg-type]
        for worker in workers:
            worker.start()
        answers = [told.get() for _ in range(WRITERS)]
        batches = count.get()
        for worker in workers:
            worker.join()
    return [each for times, _ in answers for each in times], sum(lost for _, lost in answers), batches


def _paced(start: float, number: int, write: object, told: "Queue[tuple[Times, int]]") -> None:
    """Write at a calm pace, and tell the latencies and how many writes were lost."""
    times: Times = []
    lost = 0
    time.sleep(max(0, start - time.time() + number * PAUSE / WRITERS))
    while time.time() < start + SECONDS:
        began = time.perf_counter()
        try:
            write()  # type: ignore[operator]
            times.append(1000 * (time.perf_counter() - began))
        except (FleetError, library.Error):
            lost += 1
        time.sleep(PAUSE)
    told.put((times, lost))


def _calm_fleet(path: Path, number: int, start: float, told: "Queue[tuple[Times, int]]") -> None:
    with connect(path, any_filesystem=True) as db:

        def write() -> None:
            with db.write() as tx:
                tx.run("budgets_reserve", exchange=f"x{number}", next_ms=1, now_ms=1)

        _paced(start, number, write, told)


def _calm_plain(path: Path, number: int, start: float, told: "Queue[tuple[Times, int]]") -> None:
    connection = _plain(path)

    def write() -> None:
        connection.execute("begin immediate")
        connection.execute(
            "insert into budgets (exchange, next_ms, requests) values (?, 1, 1)"
            " on conflict (exchange) do update set requests = requests + 1",
            (f"x{number}",),
        )
        connection.execute("commit")

    _paced(start, number, write, told)


def _greedy_fleet(path: Path, start: float, count: "Queue[int]") -> None:
    batches, rows = 0, walk(1_000)
    with connect(path, any_filesystem=True) as db:
        time.sleep(max(0, start - time.time()))
        while time.time() < start + SECONDS:
            storing.store(db, SERIES, rows, Source.EXCHANGE, 0)
            batches += 1
            rows[:, 0] += 1_000 * HOUR
    count.put(batches)


def _greedy_plain(path: Path, start: float, count: "Queue[int]") -> None:
    batches, rows = 0, walk(1_000)
    connection = _plain(path)
    time.sleep(max(0, start - time.time()))
    while time.time() < start + SECONDS:
        connection.execute("begin immediate")
        connection.executemany(
            "insert into ohlcv_data values ('binance', 'BTC/USDT', '1h', ?, ?, ?, ?, ?, ?, 0)", rows.tolist()
        )
        connection.execute("commit")
        batches += 1
        rows[:, 0] += 1_000 * HOUR
    count.put(batches)


def _plain(path: Path) -> library.Connection:
    connection = library.Connection(str(path))
    connection.execute("pragma synchronous = full")
    return connection
