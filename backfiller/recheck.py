"""`fleet backfill --recheck`: asks again for every cause of a gap, by itself or through the backfiller that runs."""

from collections.abc import Iterable, Sequence

from rich import progress as bars

from backfiller import plan, selection, worker
from db import opened
from db.database import Database
from db.fleet import meta, workers
from db.fleet.workers import Worker
from db.market_data import candles, gaps, rechecks
from domain.candles import Series
from domain.errors import Unavailable
from domain.text import counted
from runtime.clock import now_ms
from runtime.output import console, warn
from runtime.reload import Configuration
from runtime.stop import Stop

LOOK = 0.2  # seconds between two looks at what the other backfiller has done


def run(configuration: Configuration, only: Iterable[str], stop: Stop) -> int:
    """Have these series (names as ``binance:BTC/USDT:1h``, none for all) looked at again; returns the exit status.

    Where a backfiller runs, it does it, and this one waits for it; else it is done here, as with `--once`. 1 where bars
    below the newest stored one stay unexplained. Raises ConfigError where a name or the database does not fit, and
    Unavailable where the one that runs was told other series.
    """
    names, settings = set(only), configuration.current[0]
    kept = selection.chosen(settings.series, names)
    with opened(settings.database, any_filesystem=settings.any_filesystem) as db:
        meta.check_environment(db, settings.environment)
        wanted = [each.series for each in kept]
        silence_ms = round(1000 * settings.supervision.lease)
        _living(db, wanted, silence_ms)
        rechecks.ask(db, wanted, now_ms())
        if _waited(db, wanted, stop, silence_ms):
            return 0 if stop.stopped else _verdict(db, wanted)
    return worker.run(configuration, names, stop, once=True)


def _waited(db: Database, wanted: Sequence[Series], stop: Stop, silence_ms: int) -> bool:
    """Show how far the backfiller that runs has come, until it is done; False where none lives."""
    with _bar() as shown:
        task = shown.add_task("rechecked", total=len(wanted), told="")
        while not stop.stopped:
            left = len(rechecks.waiting(db) & set(wanted))
            living = _living(db, wanted, silence_ms)
            told = ", ".join(map(_requests, living))
            shown.update(task, completed=len(wanted) - left, told=told)
            if not left:
                return True
            if not living:
                return False
            stop.wait(LOOK)
    return True


def _requests(each: Worker) -> str:
    """How much a backfiller has asked for."""
    return f"{counted(int(str(each.detail.get('requests', 0))), 'request')} by {each.worker_id}"


def _living(db: Database, wanted: Sequence[Series], silence_ms: int) -> list[Worker]:
    """The backfillers that live. Raises Unavailable where none of them keeps all of these series."""
    living = workers.alive(db, "backfiller", now_ms(), silence_ms)
    strange = selection.unkept(wanted, living)
    if strange:
        names, told = " ".join(strange), ", ".join(each.worker_id for each in living)
        raise Unavailable(
            f"the backfiller that runs ({told}) was started with other --series and does not follow {names}: "
            f"end it, then run `fleet backfill --recheck {names}`, or start it without --series"
        )
    return living


def _bar() -> bars.Progress:
    """Series that are done, of all; shown on a terminal only."""
    columns = (bars.TextColumn("{task.description}"), bars.BarColumn(), bars.MofNCompleteColumn())
    told, shown = bars.TextColumn("{task.fields[told]}", markup=False), console()
    return bars.Progress(*columns, told, console=shown, disable=not shown.is_terminal)


def _verdict(db: Database, wanted: Sequence[Series]) -> int:
    """Name the series that have bars below their newest one which nobody can explain, or that have none at all."""
    states, short = candles.heads(db), False
    for series in wanted:
        head = states.get(series)
        known = gaps.gaps(db, series)
        left = [gap for gap in known if head and gap.cause in plan.OPEN and gap.last_timestamp < head.last_timestamp]
        reason = head.state if head else "no candle came"
        if left:
            reason = f"{sum(gap.bars(series.seconds) for gap in left)} bars are missing and unexplained (`fleet gaps`)"
        if reason:
            warn(f"{series}: {reason}")
            short = True
    return 1 if short else 0
