"""What stored candles say of a strategy: it is asked in a process apart, whatever a user's code does there."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from signal import SIGPROF
from typing import NamedTuple, TypeVar

from config.settings import StrategySettings
from db import windows
from db.connection import Database
from domain.kinds import Kind
from runtime import clock
from runtime.apart import NoAnswer, answers
from strategies import check, kinds

T = TypeVar("T")
PROOF = 2_000  # candles that a proof is made on, beyond the warm-up
LIMIT = 8.0  # seconds, computed or slept, that a strategy may take for one bar, on which it is asked three times
LONGEST_MS = 600_000  # real milliseconds after which no further bar of a strategy is tried


class Proof(NamedTuple):
    """What is to be said of a strategy on the stored candles, and whether it gives signals there at all."""

    remarks: list[str]
    works: bool = True


def proof(each: StrategySettings, plugins: Sequence[Path], known: Mapping[str, Kind], db: Database | None) -> Proof:
    """What speaks against a strategy on the stored candles; that it cannot be proven is a remark too.

    It is asked in a process apart: one that raises, does not return or ends the process fails alone.
    """
    if db is None:
        return Proof(["not proven on candles: none are stored yet (`fleet backfill --once`)"])
    warmup = each.terms.warmup
    window = windows.window(db, each.series, warmup + PROOF)
    if unproven := check.unproven(window, warmup):
        return Proof(unproven)
    strategy = _said(partial(kinds.build, each.kind, each.params, known), plugins)
    if isinstance(strategy, str):
        return Proof([strategy], works=False)
    asked = [partial(_said, question, plugins) for question in check.questions(strategy, window, warmup)]
    found = answers(asked, LIMIT, clock.steady_ms() + LONGEST_MS, lambda: None)
    failure = next((answer for answer in found if not isinstance(answer, check.Doubts)), None)
    return Proof(check.first(found)) if failure is None else Proof([_why(failure)], works=False)


def _said(question: Callable[[], T], plugins: Sequence[Path]) -> T | str:
    """The answer of a user's code, or what it raised and where."""
    try:
        return question()
    except (Exception, SystemExit) as error:  # noqa: BLE001  whatever it is, it is the strategy's own
        return kinds.raised(error, plugins)


def _why(failure: NoAnswer | str) -> str:
    """Why a strategy gives no signal."""
    if isinstance(failure, str):
        return failure
    return f"took longer than {LIMIT:g} s for one bar" if failure.ended_by is SIGPROF else failure.reason
