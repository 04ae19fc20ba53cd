"""`python -m tests.soak --kills 300 --freezes 100`: a fleet on an accelerated clock to which everything happens.

Kills and freezes of processes that were writing, leaps and slews of the machine's clock, garbled, empty, slow and cut
answers, maintenance, files rewritten, broken, renamed and taken away, exits ordered and the kill switch, at random
moments under a seed that is printed. Afterwards a checker that shares no code with the product judges the database and
what every process wrote down. Exit status 0 when nothing is violated.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from exchange.simulated import Simulator, SimulatorConfig
from tests.soak.checker import decision, violations
from tests.soak.facts import Facts
from tests.soak.faults import FAULTS, drawn, is_halted, released
from tests.soak.truth import truth
from tests.soak.world import World

START, SPEED = 1_735_689_600, 30.0
CAUGHT_UP = (
    "select count(*) from strategies s left join series_heads h using (exchange, symbol, timeframe)"
    " join strategy_totals t using (strategy_id)"
    " where s.enabled = 1 and (h.last_timestamp is null or t.decided_timestamp is not h.last_timestamp)"
)
TRADED = "select 1 from trades group by strategy_id having count(*) >= 6 limit 1"  # so that there is something to judge
OPEN = "select count(*) from gaps g join series_heads h using (exchange, symbol, timeframe) where g.cause in"
OPEN += " ('not_fetched', 'rejected') and g.last_timestamp < h.last_timestamp and g.first_timestamp > h.first_timestamp"


def main() -> int:
    """Run the soak; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=300, help="that count (default: %(default)s)")
    parser.add_argument("--freezes", type=int, default=100, help="that count (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=120.0, help="at most (default: %(default)s)")
    parser.add_argument("--traders", type=int, default=4, help="(default: %(default)s)")
    parser.add_argument(
        "--pause", type=float, default=2.0, help="mean seconds between two faults (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=None, help="default: drawn, and printed")
    parser.add_argument("--keep", type=Path, help="a folder that does not exist yet: keep everything there")
    options = parser.parse_args()
    options.seed = random.randrange(10**6) if options.seed is None else options.seed
    with tempfile.TemporaryDirectory(prefix="tradefleet-soak-") as name:
        folder = options.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        return soak(folder.absolute(), options)


def soak(folder: Path, options: argparse.Namespace) -> int:
    """Let everything happen, then judge; the exit status."""
    print(f"seed {options.seed}, in {folder}", flush=True)
    with Simulator(SimulatorConfig(start=START, speed=SPEED)) as exchange:
        world = World(folder, exchange, random.Random(options.seed), options.traders)
        try:
            hits = _live(world, options)
            calm = _calm(world)
        finally:
            statuses = world.stop()
        world.leave()
        _write_truth(world)
    found = violations(Facts.load(folder))
    print(f"exit statuses {dict(statuses)}, ended by themselves {dict(world.ended)}, calm at the end: {calm}")
    for fault, each in sorted(hits.items()):
        print(f"{fault}: {sum(each.values())} ({', '.join(f'{what} {count}' for what, count in each.most_common())})")
    found["processes"] = [each for each in world.ended if "VIOLATION" in each] + ([] if calm else ["never caught up"])
    return decision(found)


def _live(world: World, options: argparse.Namespace) -> dict[str, Counter[str]]:
    """Faults until enough have counted; what each has hit."""
    hits: dict[str, Counter[str]] = {name: Counter() for name in FAULTS}
    end, told = time.monotonic() + 60 * options.minutes, time.monotonic()
    _until(world, lambda: len(world.ask("select 1 from trades limit 1")) > 0, 60)
    while time.monotonic() < end and not _enough(hits, options):
        _until(world, lambda: False, world.dice.expovariate(1 / options.pause))
        name = drawn(world.dice)
        what = FAULTS[name](world)
        if what is not None:
            hits[name][what] += 1
        if time.monotonic() - told > 30:
            told = time.monotonic()
            counts = {
                table: world.ask(f"select count(*) from {table}") for table in ("ohlcv_data", "decisions", "trades")
            }
            print({name: sum(each.values()) for name, each in hits.items()}, counts, flush=True)
    return hits


def _enough(hits: dict[str, Counter[str]], options: argparse.Namespace) -> bool:
    return sum(hits["kill"].values()) >= options.kills and sum(hits["freeze"].values()) >= options.freezes


def _until(world: World, met: Callable[[], bool], seconds: float) -> bool:
    """Tend the world until something is so, or time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if met():
            return True
        world.tend()
        time.sleep(0.05)
    return False


def _calm(world: World) -> bool:
    """No more faults: whether everybody catches up."""
    world.exchange.faults.clear()
    _until(world, lambda: not world.later, 20)
    if is_halted(world):
        released(world)
    for one, text in world.wanted.items():
        world.write(f"strategies/{one}.yaml", text)
    _until(world, lambda: bool(world.ask(TRADED)), 180)
    return _until(world, lambda: world.ask(CAUGHT_UP) == [(0,)] and world.ask(OPEN) == [(0,)], 120)


def _write_truth(world: World) -> None:
    rows = world.ask(
        "select exchange, symbol, timeframe, min(timestamp), max(timestamp) from ohlcv_data group by 1, 2, 3"
    )
    found = {
        f"{exchange} {symbol} {timeframe}": truth(world.exchange.url, f"{exchange} {symbol} {timeframe}", first, last)  # type: ignore[arg-type]
        for exchange, symbol, timeframe, first, last in rows
    }
    (world.folder / "truth.json").write_text(json.dumps(found))


if __name__ == "__main__":
    sys.exit(main())
