"""What stored candles say of strategies: a shipped kind is asked here, one of a user's own in a child process."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from config.settings import StrategySettings
from domain.errors import ConfigError
from domain.kinds import Kind, KindFailed
from fleet.series_facts import SeriesFacts
from runtime import candle_checks, plugin_process
from runtime.candle_checks import CandleChecks, CandleQuestion
from runtime.plugin_process import PluginProcess
from strategies.signal_counts import SignalCounts

Checked = tuple[StrategySettings, SeriesFacts, CandleChecks]
SECONDS = (candle_checks.LONGEST_MS + candle_checks.COUNTING_MS) / 1000
TEXT = 2_000  # characters of a problem
NONE_STORED = "not proven on candles: none are stored yet (`fleet backfill --once`)"


def checked(
    strategies: Iterable[tuple[StrategySettings, SeriesFacts]], known: Mapping[str, Kind], plugins: Sequence[Path]
) -> Iterator[Checked]:
    """Every strategy with what its candles say of it. `plugins`: the folders of the users' own kinds."""
    with PluginProcess() as process:
        for each, facts in strategies:
            if facts.seen is None:
                yield each, facts, CandleChecks([NONE_STORED])
                continue
            terms = each.params, each.terms.warmup
            question = CandleQuestion(each.kind, *terms, facts.seen.window, candle_checks.LIMIT, plugins)
            origin = known[each.kind].origin
            if origin is None:
                yield each, facts, candle_checks.candle_checks(question, known, facts.seen)
            else:
                yield each, facts, _asked(question, origin.file, process)


def _asked(question: CandleQuestion, file: Path, process: PluginProcess) -> CandleChecks:
    """What the child says of a strategy of a user's own; whether it can be built is asked before, in less time."""
    try:
        process.ask("describe", file, seconds=plugin_process.LOADING)
        process.ask("build", file, question.params)
        return _read(process.ask("checked", file, question, seconds=SECONDS, sleeps=True))
    except (ConfigError, KindFailed) as error:
        return CandleChecks([str(error)], works=False)


def _read(found: Any) -> CandleChecks:
    """What the child says, which ran somebody's code. Raises KindFailed where it is no answer."""
    try:
        problems, works, counts = found["problems"], found["works"], found["counts"]
        whole = [each for each in counts if isinstance(each, int) and each >= 0]
        return CandleChecks([str(each)[:TEXT] for each in problems], works is True, SignalCounts(*whole))
    except (KeyError, TypeError) as error:
        raise KindFailed("gave no answer that can be read") from error
