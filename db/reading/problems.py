"""What keeps a fleet from trading, in lines for people: whatever shows how a fleet stands says the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from db.database import Database
from db.fleet.controls import Control
from db.fleet.workers import Worker
from db.market_data import markets
from db.reading import status
from db.reading.status import Status
from domain.text import counted

MARKET_UNKNOWN = "decides nothing: the backfiller has not read its market yet"
REMOVED = "removed: exits only, until flat"
SILENT_MS = 30_000  # real milliseconds without a heartbeat after which a worker is shown as silent


def problems(found: Status, controlled: Iterable[tuple[str, Control]], now_ms: int) -> list[str]:
    """All of it, each once: strategies that are disabled, may only exit or wait for their market, what a person ordered
    (`controlled`), series that stand still, what workers that live tell. `now_ms` is real time.
    """
    living = alive(found, now_ms)
    outside = {line for worker in living for line in unreached(worker)}
    lines = [line for row in found.strategies for line in _strategy(row)]
    lines += [f"{scope}: {control.text}" for scope, control in controlled]
    still = [(each.series, each.state) for each in found.series if each.state and each.wanted]
    lines += [f"{series}: {state}" for series, state in still if f"{series.exchange}: {state}" not in outside]
    lines += [line for worker in living for line in of_worker(worker)]
    return _once(lines)


def alive(found: Status, now_ms: int) -> list[Worker]:
    """The workers that have told lately that they live; `now_ms` is real time."""
    return [each for each in found.workers if now_ms - each.beat_ms <= SILENT_MS]


def of_worker(worker: Worker) -> list[str]:
    """What a worker tells: what is wrong with the configuration that it goes on without, the exchanges that do not
    answer it, the series that it cannot decide.
    """
    lines = [line for line in str(worker.detail.get("configuration", "")).splitlines() if line.strip()]
    return [*lines, *unreached(worker)]


def unreached(worker: Worker) -> list[str]:
    """The exchanges that do not answer it, and the series that it cannot decide, in words."""
    found = [worker.detail.get(name) for name in ("exchanges", "failed_series")]
    states = [state for each in found if isinstance(each, Mapping) for state in each.items()]
    return [f"{name}: {state}" for name, state in states if state is not None]


def silent(found: Status, now_ms: int, longer_ms: int) -> list[str]:
    """Workers that neither beat for `longer_ms` nor took their leave; both in real milliseconds."""
    waited = [(each, now_ms - each.beat_ms) for each in found.workers]
    return [f"{each.room} {each.pid} is silent for {ms // 1000} s" for each, ms in waited if ms > longer_ms]


def of_report(db: Database) -> list[str]:
    """What must be known beside a report: markets that were assumed, strategies that failed."""
    return [*markets.assumptions(db).values(), *failures(db)]


def failures(db: Database) -> list[str]:
    """The strategies that failed: their report is not of all their bars."""
    return [_failure(row) for row in status.failures(db)]


def _failure(row: Mapping[str, Any]) -> str:
    if row["disabled"]:
        return f"{row['strategy_id']}: {row['disabled']}; its report is of the bars until then"
    return f"{row['strategy_id']}: failed on {counted(row['bars'], 'bar')}, the last time with {row['reason']}"


def _strategy(row: Mapping[str, Any]) -> Iterator[str]:
    """What is to be said of a strategy, as the statement `status_strategies` names its row."""
    reasons = row["state_reason"], row["market_unknown"] and MARKET_UNKNOWN, None if row["enabled"] else REMOVED
    failed = [row["last_error"]] if row["failures"] and not row["state_reason"] else []
    yield from (f"{row['strategy_id']}: {why}" for why in (*reasons, *failed) if why)


def _once(repeated: Sequence[str]) -> list[str]:
    """Every line once; one that only repeats what a longer one says of a strategy, behind its colon, is left out."""
    lines = list(dict.fromkeys(repeated))
    behind = {line[place + 2 :] for line in lines for place in range(len(line)) if line.startswith(": ", place)}
    return [each for each in lines if each not in behind]
