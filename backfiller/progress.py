"""How far a backfill has come: bars on a terminal, a line now and then off it."""

from collections.abc import Mapping
from types import TracebackType

import structlog
from rich import progress as bars

from backfiller.fetch_status import FetchStatus
from domain.text import visible
from runtime.clock import steady_ms
from runtime.output import console

log = structlog.get_logger()
TELL_EVERY = 5_000  # real milliseconds between two lines off a terminal


class Progress:
    """Shows the status of every exchange."""

    def __init__(self, statuses: Mapping[str, FetchStatus], *, terminal: bool) -> None:
        self._statuses, self._logged_ms, self._stored = statuses, steady_ms(), -1
        self._bars = _bars() if terminal else None
        self._tasks: dict[str, bars.TaskID] = {}

    def show(self) -> None:
        """Bring it up to date."""
        if self._bars is not None:
            for name, status in self._statuses.items():
                if name not in self._tasks:
                    self._tasks[name] = self._bars.add_task(name, rate="", state="")
                total = max(status.planned, status.stored)
                task = self._tasks[name]
                rate = speed_text(self._bars.tasks[task].speed)
                self._bars.update(task, total=total, completed=status.stored, rate=rate, state=_state(status))
            return
        done = sum(status.stored for status in self._statuses.values())
        if steady_ms() - self._logged_ms > TELL_EVERY and done != self._stored:
            planned = sum(status.planned for status in self._statuses.values())
            log.info("backfill", candles=done, planned=max(planned, done))
            self._logged_ms, self._stored = steady_ms(), done

    def __enter__(self) -> "Progress":
        if self._bars is not None:
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars is not None:
            self._bars.stop()


def speed_text(speed: float | None) -> str:
    """Candles a second; nothing where none come."""
    shown = f"{speed or 0:,.0f}"
    return "" if shown == "0" else f" {shown}/s"


def _state(status: FetchStatus) -> str:
    """What is to be said of an exchange."""
    return visible(((status.trouble or "ok") if status.actor is None else f"by {status.actor}")[:60])


def _bars() -> bars.Progress:
    """One line for each exchange: candles, rate, time left."""
    return bars.Progress(
        bars.TextColumn("{task.description:>10}", markup=False),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TextColumn("candles{task.fields[rate]}"),
        bars.TimeElapsedColumn(),
        bars.TimeRemainingColumn(),
        bars.TextColumn("{task.fields[state]}", markup=False),
        console=console(),
    )
