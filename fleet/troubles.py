"""What keeps a fleet from trading, in lines for people: `fleet status`, `fleet ps` and the live table show the same."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.text import Text

from db.fleet.controls import Control
from db.fleet.workers import Worker
from db.reading.status import Status
from fleet import render
from runtime import clock

MARKET_UNKNOWN = "decides nothing: the backfiller has not read its market yet"
REMOVED = "removed: exits only, until flat"
SILENT_MS = 30_000  # real milliseconds without a heartbeat after which a worker is shown as silent


def troubles(found: Status, controlled: Mapping[str, Control]) -> list[str]:
    """All of it, each once: strategies that are disabled, may only exit or wait for their market, what a person ordered
    (`controlled`), series that stand still, what workers that live tell.
    """
    living = [each for each in found.workers if clock.now_ms() - each.beat_ms <= SILENT_MS]
    outside = {line for worker in living for line in unreached(worker)}
    told = [line for row in found.strategies for line in _strategy(row)]
    told += [f"{scope}: {control.text}" for scope, control in controlled.items()]
    still = [(each.series, each.state) for each in found.series if each.state and each.wanted]
    told += [f"{series}: {state}" for series, state in still if f"{series.exchange}: {state}" not in outside]
    told += [line for worker in living for line in of_worker(worker)]
    return _once(told)


def of_worker(worker: Worker) -> list[str]:
    """What a worker tells: what is wrong with the configuration that it goes on without, the exchanges that do not
    answer it, the series that it cannot decide.
    """
    lines = [line for line in str(worker.detail.get("configuration", "")).splitlines() if line.strip()]
    return [*lines, *unreached(worker)]


def unreached(worker: Worker) -> list[str]:
    """The exchanges that do not answer it, and the series that it cannot decide, in words."""
    found = [worker.detail.get(told) for told in ("exchanges", "failed_series")]
    states = [state for each in found if isinstance(each, Mapping) for state in each.items()]
    return [f"{name}: {state}" for name, state in states if state != "ok"]


def shown(told: Sequence[str]) -> list[Text]:
    """The lines as they stand below a table."""
    return [render.plain(f"! {each}", style="red") for each in told]


def _strategy(row: Mapping[str, Any]) -> Iterator[str]:
    """What is to be said of a strategy, as the statement `status_strategies` names its row."""
    told = row["state_reason"], row["market_unknown"] and MARKET_UNKNOWN, None if row["enabled"] else REMOVED
    failed = [row["last_error"]] if row["failures"] and not row["state_reason"] else []
    yield from (f"{row['strategy_id']}: {why}" for why in (*told, *failed) if why)


def _once(told: Sequence[str]) -> list[str]:
    """Every line once; one that only repeats what a longer one says of a strategy, behind its colon, is left out."""
    lines = list(dict.fromkeys(told))
    behind = {line[place + 2 :] for line in lines for place in range(len(line)) if line.startswith(": ", place)}
    return [each for each in lines if each not in behind]
