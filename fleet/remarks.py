"""What speaks against a strategy that is well formed: warnings, each with its place, why, and what to write instead.

They stop nobody. What a file alone shows is told by `config.implausible`; here it meets other strategies, its market
and the candles that are stored.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from config.complaints import Complaint
from config.settings import StrategySettings
from db import markets, windows
from db.connection import Database
from domain.candles import Candle, Window
from domain.decide import Situation, State, decide
from domain.ledger import Ledger
from domain.market import Market
from domain.strategy import Exits, Signal
from exchange.manners import manners
from fleet.proof import PROOF
from strategies import rule_parser, rules
from strategies.indicators import Indicators
from strategies.kinds import atr
from strategies.occurrence import Held, bars
from strategies.rule_doubts import mixed, never

RULES = rules.KIND.name
WISH = "an entry"
FEW = 300  # bars: on fewer, what is rare has had no time to come
SOME = 3  # entries


class Facts(NamedTuple):
    """What is known of the series of a strategy: its stored candles and its market, None where nothing is stored."""

    window: Window | None = None
    market: Market | None = None


def facts(stored: Database | None, each: StrategySettings) -> Facts:
    """What the database knows."""
    if stored is None:
        return Facts()
    window = windows.window(stored, each.series, each.terms.warmup + PROOF)
    return Facts(window, markets.load(stored, each.series.exchange, each.series.symbol))


def warnings(each: StrategySettings, known: Facts, held: Held) -> Iterator[Complaint]:
    """All that speaks against one strategy, with its signals counted on the stored candles."""
    yield from endless(each)
    yield from incomparable(each)
    yield from unreachable(each, len(known.window or ()), manners(each.series.exchange).newest_only)
    if known.window:
        yield from counted(each, known.window, held)
        if known.market:
            yield from unaffordable(each, known.market, known.window.candles[-1], _atr(each, known.window))


def _atr(each: StrategySettings, window: Window) -> Mapping[int, float]:
    """The ATRs that its exits are measured in, on the newest bar."""
    exits, indicators = each.terms.exits, Indicators(window)
    lengths = {one.atr for one in (exits.stop, exits.target, exits.trailing) if one is not None and one.atr}
    return {length: atr(indicators, length) for length in lengths}


def warning(each: StrategySettings, key: str, reason: str, value: object = None) -> Complaint:
    """What is to be said of a key of a strategy's file; where nobody wrote it, it stands at what is around it."""
    file, _, line = each.file.rpartition(":")
    return Complaint(file, each.lines.get(key) or each.lines.get(key.partition(".")[0], int(line)), key, value, reason)


def twins(strategies: Iterable[StrategySettings]) -> Mapping[str, list[Complaint]]:
    """A warning for every strategy that does the same as another one, by its id."""
    first: dict[str, str] = {}
    found = {}
    for each in strategies:
        told = str(replace(each, strategy_id="", file=""))
        if told in first:
            reason = f"does the same as {first[told]}, trade for trade: change what was to differ"
            found[each.strategy_id] = [warning(each, "strategy_id", reason, each.strategy_id)]
        first.setdefault(told, each.strategy_id)
    return found


def endless(each: StrategySettings) -> Iterator[Complaint]:
    """Rules that buy once and keep it for ever."""
    if each.kind == RULES and not each.params["exit"] and not closes(each):
        why = "there is none, so it buys once and never sells: write one, or exits with a stop, target or max_bars"
        yield warning(each, "params.exit", why)


def incomparable(each: StrategySettings) -> Iterator[Complaint]:
    """Rules that hold a price against a volume, or an RSI against a price."""
    for key in ("entry", "exit") if each.kind == RULES else ():
        if each.params[key]:
            for reason in mixed(rule_parser.parse(each.params[key])):
                yield warning(each, _place(each, key), reason)


def closes(each: StrategySettings) -> bool:
    """Whether a stop, a target or a time limit ends its positions."""
    return replace(each.terms.exits, check=Exits().check) != Exits()


def unaffordable(each: StrategySettings, market: Market, bar: Candle, atr: Mapping[int, float]) -> Iterator[Complaint]:
    """A stake that the market does not take at the newest close: what the first entry would be refused for."""
    wished = Situation(
        bar=bar._replace(volume=1.0),
        seconds=each.series.seconds,
        signal=Signal(entry=WISH),
        atr=atr,
        run_id="",
        market=replace(market, active=True),
        terms=each.terms,
        order_id=lambda _purpose: "",
        filled_ms=0,
    )
    verdict = decide(wished, State(ledger=Ledger.opened(each.terms.capital)))
    if verdict.refusal is not None:
        why = verdict.reason.removesuffix(f": {WISH}")
        reason = f"every entry would be refused at the close of {bar.close:g}: {why}; write a larger capital or stake"
        yield warning(each, "stake" if "stake" in each.lines else "capital", reason)


def unreachable(each: StrategySettings, stored: int, offered: int | None) -> Iterator[Complaint]:
    """A warm-up that cannot be had: the exchange has the newest `offered` bars, `stored` ones are here."""
    needed = each.terms.warmup + 1
    if offered is not None and offered < needed and stored < needed:
        here = f"{each.series.exchange} serves the newest {offered:,} only and {stored:,} are stored"
        reason = f"needs {needed:,} bars before its first entry, {here}: import older ones (`fleet import`)"
        yield warning(each, "warmup", reason)


def counted(each: StrategySettings, window: Window, held: Held) -> Iterator[Complaint]:
    """Signals that never or always came on the stored candles, and exits that come with every entry."""
    for key, count in (("entry", held.entries), ("exit", held.exits)):
        why = _never(each, key, window, held) if not count else None
        if held.bars >= FEW and count == held.bars:
            why = f"was true on every one of the {held.bars:,} stored candles: it chooses nothing"
        if why:
            yield warning(each, _place(each, key), why)
    if held.entries >= SOME and held.both == held.entries and held.exits < held.bars:
        on = f"on the {held.bars:,} stored candles wherever the entry was ({held.entries:,} times)"
        yield warning(each, _place(each, "exit"), f"was true {on}: it sells at once what was bought")


def _never(each: StrategySettings, key: str, window: Window, held: Held) -> str | None:
    """That a signal never came, and why; None where that says nothing yet."""
    on = f"was never true on the {held.bars:,} stored candles"
    if each.kind != RULES:
        return on if held.bars >= FEW and (key == "entry" or not closes(each)) else None
    rule = rule_parser.parse(each.params[key]) if each.params[key] else None
    why = rule and never(rule, partial(bars, window, each.terms.warmup))
    return f"{on}: {why.reason}" if why and (why.certain or held.bars >= FEW) else None


def _place(each: StrategySettings, key: str) -> str:
    """The key to which a signal belongs."""
    return f"params.{key}" if each.kind == RULES else "params"
