"""What happens to a fleet: each fault is done to the world, and says what it hit (None: it found nothing to hit)."""

import random
import signal
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType

from exchange.simulated import Fault
from tests.soak.facts import Ordered
from tests.soak.world import World, steady

LEASE = 2.0
ENDINGS = ("", "-wal", "-shm")


def kill(world: World) -> str | None:
    """kill -9 of a process that was writing just now."""
    found = world.struck()
    if found is None:
        return None
    place, table = found
    world.processes[place].send_signal(signal.SIGKILL)
    world.processes[place].wait()
    return table


def freeze(world: World) -> str | None:
    """SIGSTOP past the lease of a process that was writing just now, then SIGCONT."""
    found = world.struck()
    if found is None:
        return None
    place, table = found
    process = world.processes[place]
    world.after(world.dice.uniform(LEASE + 0.5, LEASE + 2.5), lambda: process.send_signal(signal.SIGCONT))
    return table


def leap(world: World) -> str:
    """The machine's clock is set, and set right again later."""
    seconds = world.dice.choice([-3600, -5, -3, 3, 5, 3600])
    world.set_clock(seconds)
    world.after(world.dice.uniform(3, 8), lambda: world.set_clock(0))
    return f"{seconds} s"


def slew(world: World) -> str:
    """The machine's clock is some seconds off and comes back in small steps, as NTP does."""
    seconds = world.dice.choice([-4.0, -2.0, 2.0, 4.0])
    for step in range(21):
        world.after(step * 0.4, lambda left=1 - step / 20: world.set_clock(seconds * left))
    return f"{seconds} s"


def _exchange(name: str, shortest: float, longest: float, **more: object) -> Callable[[World], str]:
    def struck(world: World) -> str:
        fault = Fault(name=name, seconds=world.dice.uniform(shortest, longest), **more)  # type: ignore[arg-type]
        world.exchange.faults.add(fault)
        return name

    struck.__doc__ = f"The exchange's answers: {name}."
    return struck


def garbled(world: World) -> str:
    """The exchange answers rows that are no candles."""
    word = world.dice.choice(["nan", "null", "negative", "zero", "crossed"])
    seconds, share = world.dice.uniform(2, 6), world.dice.choice([0.3, 1.0])
    world.exchange.faults.add(Fault(name="wrong", word=word, seconds=seconds, share=share))
    return word


def maintenance(world: World) -> str:
    """Some markets are not listed for a while, or none is."""
    symbol = world.dice.choice([None, "BTC/USDT", "SOL/USDT", "ETH/USD"])
    world.exchange.faults.add(Fault(name="vanished", symbol=symbol, seconds=world.dice.uniform(3, 8)))
    return symbol or "all"


def rewritten(world: World) -> str:
    """A strategy's file gets another value: a new run."""
    one = world.dice.choice(sorted(world.wanted))
    before, world.generation = world.wanted[one], world.generation + 1
    changed = (
        before.split("max_bars: ")[0] + f"max_bars: {world.generation}" + before[before.index("max_bars: ") + 16 :]
    )
    world.wanted[one] = changed
    world.write(f"strategies/{one}.yaml", changed)
    return "strategy"


def broken(world: World) -> str:
    """A file is nonsense for some seconds, as while somebody edits it."""
    name = world.dice.choice(["fleet.yaml", *(f"strategies/{one}.yaml" for one in sorted(world.wanted))])
    text = (world.folder / "config" / name).read_text()
    if text.startswith("nonsense"):
        return "fleet.yaml" if name == "fleet.yaml" else "strategy"
    world.write(name, "nonsense: [")
    one = name.removeprefix("strategies/").removesuffix(".yaml")
    world.after(world.dice.uniform(1, 6), lambda: world.write(name, world.wanted.get(one, text)))
    return "fleet.yaml" if name == "fleet.yaml" else "strategy"


def exit_ordered(world: World) -> str | None:
    """A person sells."""
    one = world.dice.choice(sorted(world.wanted))
    reason = f"a person's wish {world.dice.randrange(10**9)}"
    if world.command("exit", one, "--reason", reason):
        return None
    world.ordered.append(Ordered("exit", steady(), one, reason))
    return "exit"


def halted(world: World) -> str | None:
    """The kill switch, for some seconds."""
    if is_halted(world) or world.command("kill-switch", "on", "--reason", "soak"):
        return None
    world.ordered.append(Ordered("halt", steady()))
    world.after(world.dice.uniform(3, 6), lambda: released(world))
    return "kill-switch"


def is_halted(world: World) -> bool:
    """Whether the kill switch was turned on and not taken back yet."""
    return [each.kind for each in world.ordered if each.kind in {"halt", "release"}][-1:] == ["halt"]


def released(world: World) -> None:
    """The kill switch is taken back; again where that is refused, for nobody would enter any more."""
    if is_halted(world):
        world.ordered.append(Ordered("release", steady()))
    if world.command("kill-switch", "off"):
        world.after(1, lambda: released(world))


def renamed(world: World) -> str | None:
    """A strategy's file goes, its id is changed once nobody holds it, and the file comes back under the new id."""
    old = world.dice.choice(sorted(world.wanted))
    text = world.wanted[old]
    (world.folder / "config" / "strategies" / f"{old}.yaml").unlink(missing_ok=True)
    new = f"{old.split('.')[0]}.{world.dice.randrange(10**6)}"
    end = time.monotonic() + 20
    while (status := world.command("rename", old, new)) and time.monotonic() < end:
        world.tend()
        time.sleep(0.5)
    if status:
        world.write(f"strategies/{old}.yaml", text)
        return None
    del world.wanted[old]
    world.wanted[new] = text.replace(f"strategy_id: {old}\n", f"strategy_id: {new}\n")
    world.renamed[new] = old
    world.write(f"strategies/{new}.yaml", world.wanted[new])
    return "renamed"


def taken_away(world: World) -> str:
    """The database is moved away under the running fleet: everybody ends with 1, and with 2 who was about to open it;
    it comes back, and so do they.
    """
    for process in world.processes:
        process.send_signal(signal.SIGCONT)
    for ending in ENDINGS:
        file = world.database.with_name(world.database.name + ending)
        file.rename(file.with_name(f"away-{file.name}")) if file.exists() else None
    end = time.monotonic() + 60
    while any(process.poll() is None for process in world.processes) and time.monotonic() < end:
        time.sleep(0.1)
    statuses = {process.poll() for process in world.processes}
    left = world.database.exists()
    for process in world.processes:
        process.kill()
        process.wait()
    for ending in ENDINGS:
        file = world.database.with_name(world.database.name + ending)
        away = file.with_name(f"away-{file.name}")
        away.replace(file) if away.exists() else file.unlink(missing_ok=True)
    if not statuses <= {1, 2} or left:
        world.ended[f"taken away: statuses {sorted(map(str, statuses))}, a new file: {left} (VIOLATION)"] += 1
    return "database"


FAULTS: Mapping[str, Callable[[World], str | None]] = MappingProxyType(
    {
        "kill": kill, "freeze": freeze, "clock leap": leap, "clock slew": slew, "garbled answers": garbled,
        "empty answers": _exchange("missing", 2, 6), "slow answers": _exchange("slow", 2, 6, amount=1),
        "cut answers": _exchange("truncated", 2, 5), "maintenance": maintenance, "configuration rewritten": rewritten,
        "configuration broken": broken, "exit ordered": exit_ordered, "kill switch": halted, "renamed": renamed,
        "files taken away": taken_away,
    }
)  # fmt: skip
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"kill": 60, "freeze": 20, "exit ordered": 4, "configuration rewritten": 3, "renamed": 1, "files taken away": 0.7}
)  # 2 for what is not named


def drawn(dice: random.Random) -> str:
    """The name of the next fault."""
    names = list(FAULTS)
    return dice.choices(names, [WEIGHTS.get(name, 2) for name in names])[0]
