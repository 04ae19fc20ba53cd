"""What stored candles say of a strategy: it is asked in a process of its own, whatever a user's code does there."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from signal import SIGPROF
from typing import NamedTuple, TypeVar

from domain.candles import Window
from domain.kinds import Kind, Params
from runtime import clock
from runtime.isolated_process import NoAnswer, answers
from strategies import kinds, lookahead_analysis, signal_counts
from strategies.indicators import Indicators
from strategies.signal_counts import SignalCounts

T = TypeVar("T")
CHECKED_CANDLES = 2_000  # candles that a strategy is checked on, beyond the warm-up
LIMIT = 8.0  # seconds, computed or slept, that a strategy may take for one bar, on which it is asked three times
LONGEST_MS = 600_000  # real milliseconds after which no further bar of a strategy is tried
COUNTING_MS = 20_000  # and after which no further one is counted


class CandleQuestion(NamedTuple):
    """A strategy and the candles to check it on. `limit`: seconds that it may take for a bar; `plugins`: the folders of
    the users' own kinds, as complaints are to name them.
    """

    kind: str
    params: Params
    warmup: int
    window: Window
    limit: float
    plugins: Sequence[Path]


class CandleChecks(NamedTuple):
    """What is to be said of a strategy on the stored candles, whether it works there, and how often it gave signals."""

    problems: list[str]
    works: bool = True
    counts: SignalCounts = SignalCounts(0, 0, 0, 0)


def candle_checks(asked: CandleQuestion, known: Mapping[str, Kind], seen: Indicators | None = None) -> CandleChecks:
    """What speaks against a strategy on its candles; that nothing can be proven is said too. `seen`: what is computed
    over them already.

    It is asked in a process of its own: one that raises, does not return or ends the process fails alone.
    """
    if unproven := lookahead_analysis.too_few_candles(len(asked.window), asked.warmup):
        return CandleChecks(unproven)
    seen, limit = seen or Indicators(asked.window), asked.limit
    strategy = _said(partial(kinds.build, asked.kind, asked.params, known), asked.plugins)
    if isinstance(strategy, str):
        return CandleChecks([strategy], works=False)
    bars = lookahead_analysis.bar_checks(strategy, seen, asked.warmup)
    questions = [partial(_said, question, asked.plugins) for question in bars]
    found = answers(questions, limit, clock.steady_ms() + LONGEST_MS, lambda: None)
    failure = next((answer for answer in found if not isinstance(answer, lookahead_analysis.LookaheadFinding)), None)
    if failure is not None:
        return CandleChecks([_why(failure, limit)], works=False)
    counts = _signal_counts(asked, signal_counts.counts(strategy, seen, asked.warmup))
    return CandleChecks(lookahead_analysis.first_findings(found), counts=counts)


def _signal_counts(asked: CandleQuestion, questions: Sequence[Callable[[], SignalCounts]]) -> SignalCounts:
    """On how many bars it gives signals, of those that can be asked about in time. A shipped kind that is proven is
    asked here.
    """
    if asked.kind in kinds.SHIPPED:
        return signal_counts.total(question() for question in questions)
    found = answers(questions, asked.limit, clock.steady_ms() + COUNTING_MS, lambda: None)
    return signal_counts.total(each for each in found if isinstance(each, SignalCounts))


def _said(question: Callable[[], T], plugins: Sequence[Path]) -> T | str:
    """The answer of a user's code, or what it raised and where."""
    try:
        return question()
    except (Exception, SystemExit) as error:  # noqa: BLE001  whatever it is, it is the strategy's own
        return kinds.raised(error, plugins)


def _why(failure: NoAnswer | str, limit: float) -> str:
    """Why a strategy gives no signal."""
    if isinstance(failure, str):
        return failure
    return f"took longer than {limit:g} s for one bar" if failure.ended_by is SIGPROF else failure.reason
