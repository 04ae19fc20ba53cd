"""The witness's lives of a case: what happens in each step, and the turns that follow."""

from collections.abc import Iterator, Sequence

from tests.witness.bars import Bar, History
from tests.witness.case import Away, Case, Change, Describe, Live, Order, Remove, Replay, Step, Vanish, Walk
from tests.witness.life import Life
from tests.witness.seen import Seen


def parts(case: Case) -> Iterator[tuple[Step, Sequence[Bar]]]:
    """The steps of a case with the candles that come in each."""
    done = 0
    for step in case.steps:
        count = step.count if isinstance(step, Walk | Away | Live | Replay) else 0
        yield step, case.bars[done : done + count]
        done += count


def lived(case: Case) -> dict[str, Life]:
    """The witness's lives."""
    history = History(case.bars, case.gaps, case.step)
    windows: dict[tuple[int, int], Seen] = {}
    lives = {name: Life(history, terms, windows) for name, terms in case.terms.items()}
    for name, life in lives.items():
        newest = 0
        for step, bars in parts(case):
            if bars:
                pass_time(life, step, bars)
                newest = bars[-1].timestamp
            else:
                befall(case, name, life, step, newest)
    return lives


def befall(case: Case, name: str, life: Life, step: Step, newest: int) -> None:
    """What happens to a life between two candles; whatever a person orders is obeyed a second after the newest one."""
    now_ms = 1000 * (newest + case.step + 1)
    if isinstance(step, Remove):
        life.enabled = life.enabled and name not in step.names
    elif isinstance(step, Change) and name in step.terms:
        life.change(step.terms[name])
    elif isinstance(step, Describe):
        life.describe(step.market)
    elif isinstance(step, Vanish) and "then: hold" not in case.settings:
        life.sell_beside("delisted", now_ms)
    elif isinstance(step, Order) and (not step.names or name in step.names):
        if step.verb == "exit":
            life.sell_beside("manual", now_ms)
            return
        life.order(step.verb)
        life.turn(newest, now_ms)
    if "exit" in life.orders and isinstance(step, Order | Vanish | Describe):
        life.sell_beside("manual", now_ms)


def pass_time(life: Life, step: Step, bars: Sequence[Bar]) -> None:
    """The turns of a step."""
    seconds = life.history.step
    if isinstance(step, Live):
        for bar in bars[step.unseen :]:
            life.turn(bar.timestamp, 1000 * (bar.timestamp + seconds + 1))
        return
    if not life.enabled:
        return  # a turn of the strategies that the files have
    if isinstance(step, Away):
        life.turn(bars[-1].timestamp, round(1000 * (bars[-1].timestamp + seconds + step.late)))
        return
    life.next += step.begin if isinstance(step, Replay) else 0
    for bar in bars[life.next if isinstance(step, Replay) else 0 :]:
        life.turn(bar.timestamp, 1000 * (bar.timestamp + seconds), replay=True)
