"""What speaks against a strategy that is well formed: warnings, each with its place, why, and what to write instead.

They stop nobody. What a file alone shows is told by `config.implausible`; here it meets other strategies, its market
and the candles that are stored.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from math import isfinite

from config.complaints import Complaint
from config.settings import StrategySettings
from domain import catalogue
from domain.candles import Candle
from domain.decide import Situation, decide
from domain.gaps import Cause
from domain.ledger import Ledger
from domain.market import Market
from domain.position import Position
from domain.sizing import Refused
from domain.strategy import Exits, Signal
from exchange.capabilities import capabilities
from fleet.series_facts import SeriesFacts
from strategies import rule_parser, rules
from strategies.expression import Condition
from strategies.indicators import Indicators
from strategies.kinds import SHIPPED, atr, build
from strategies.rule_warnings import mixed_units, never_true, unnamed_output
from strategies.signal_counts import SignalCounts
from strategies.undefined import made_up_candles, never_defined, standing_still

RULES = rules.KIND.name
SIGNALS = ("entry", "exit")
WISH = "an entry"
FEW = 300  # bars: on fewer, what is rare has had no time to come
SOME = 3  # entries


def warnings(each: StrategySettings, known: SeriesFacts, counts: SignalCounts) -> Iterator[Complaint]:
    """All that speaks against one strategy, with its signals counted on the stored candles."""
    yield from without_exit(each)
    yield from units_mixed(each)
    yield from warmup_too_short(each)
    yield from warmup_unavailable(each, len(known.seen or ()), known.end)
    if known.seen:
        yield from signals_counted(each, known.seen, counts)
        if known.market:
            yield from unaffordable(each, known.market, known.seen.window.last, _atr(each, known.seen))


def _atr(each: StrategySettings, seen: Indicators) -> Mapping[int, float]:
    """The ATRs that its exits are measured in, on the newest bar."""
    exits = each.terms.exits
    lengths = {one.atr for one in (exits.stop, exits.target, exits.trailing) if one is not None and one.atr}
    return {length: atr(seen, length) for length in lengths}


def warning(each: StrategySettings, key: str, reason: str, value: object = None) -> Complaint:
    """What is to be said of a key of a strategy's file; where nobody wrote it, it stands at what is around it."""
    file, _, line = each.file.rpartition(":")
    return Complaint(file, each.lines.get(key) or each.lines.get(key.partition(".")[0], int(line)), key, value, reason)


def duplicates(strategies: Iterable[StrategySettings]) -> Mapping[str, list[Complaint]]:
    """A warning for every strategy that does the same as another one, by its id."""
    first: dict[str, str] = {}
    found = {}
    for each in strategies:
        settings = str(replace(each, strategy_id="", file=""))
        if settings in first:
            reason = f"does the same as {first[settings]}, trade for trade: change what was to differ"
            found[each.strategy_id] = [warning(each, "strategy_id", reason, each.strategy_id)]
        first.setdefault(settings, each.strategy_id)
    return found


def without_exit(each: StrategySettings) -> Iterator[Complaint]:
    """Rules that buy once and keep it for ever."""
    if each.kind == RULES and not each.params["exit"] and not has_other_exit(each):
        why = "there is none, so it buys once and never sells: write one, or exits with a stop, target or max_bars"
        yield warning(each, "params.exit", why)


def units_mixed(each: StrategySettings) -> Iterator[Complaint]:
    """Rules that hold a price against a volume, or an RSI against a price."""
    for key in SIGNALS if each.kind == RULES else ():
        if each.params[key]:
            rule = rule_parser.parse(each.params[key])
            for reason in (*mixed_units(rule), *unnamed_output(rule)):
                yield warning(each, f"params.{key}", reason)


def has_other_exit(each: StrategySettings) -> bool:
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
    decision = decide(wished, Position(ledger=Ledger.opened(each.terms.capital)))
    if decision.refusal is not None:
        why = decision.reason.removesuffix(f": {WISH}")
        near = decision.refusal is Refused.STOP
        key = "exits.stop" if near else "stake" if "stake" in each.lines else "capital"
        instead = "a wider stop" if near else "a larger capital or stake"
        yield warning(each, key, f"every entry would be refused at the close of {bar.close:g}: {why}; write {instead}")


def warmup_too_short(each: StrategySettings) -> Iterator[Complaint]:
    """A warm-up so short that something is never defined: a strategy sees so many bars and no more."""
    bars = each.terms.warmup
    for length in (length for length, found in _atr(each, made_up_candles(bars)).items() if not isfinite(found)):
        why = f"atr({length}) of the exits is never defined on {bars:,} bars, so there is no entry"
        yield warning(each, "warmup", f"{why}: it needs {catalogue.bars('atr', length):,}", bars)
    for leaf in dict.fromkeys(leaf for rule in _rules(each) for leaf in rule.leaves()):
        if leaf.lookback() > bars and never_defined(leaf, bars):
            why = f"{leaf} is never defined on {bars:,} bars, and undefined is never true"
            yield warning(each, "warmup", f"{why}: it needs {leaf.lookback():,}", bars)
    shipped = each.kind in SHIPPED and each.kind != RULES
    if shipped and build(each.kind, each.params).signal(made_up_candles(bars)).undefined:
        why = f"what it looks at is never defined on {bars:,} bars, and undefined is never true"
        yield warning(each, "warmup", f"{why}: it needs {SHIPPED[each.kind].warmup(each.params):,}", bars)


def warmup_unavailable(each: StrategySettings, stored: int, end: Cause | None) -> Iterator[Complaint]:
    """A warm-up that cannot be had, with `stored` bars here and nothing before them because of `end`."""
    needed, offered = each.terms.warmup, capabilities(each.series.exchange).newest_only
    if stored >= needed:
        return
    lacks = f"needs {needed:,} bars{_longest(each)} before its first entry, {stored:,} are stored"
    if offered is not None and offered < needed:
        why = f"{each.series.exchange} serves the newest {offered:,} only: import older ones (`fleet import`)"
        yield warning(each, "warmup", f"{lacks}, {why}")
    elif end is not None:
        why = f"the exchange has none before them ({end}): it waits for {needed - stored:,} more, or import older ones"
        yield warning(each, "warmup", f"{lacks}, {why}")


def _longest(each: StrategySettings) -> str:
    """Which part of the rules needs so many."""
    leaves = [leaf for rule in _rules(each) for leaf in rule.leaves() if leaf.lookback() == each.terms.warmup]
    return f" ({leaves[0]})" if leaves else ""


def _rules(each: StrategySettings) -> list[Condition]:
    """The rules of a strategy of that kind."""
    return [rule_parser.parse(each.params[key]) for key in SIGNALS if each.params[key]] if each.kind == RULES else []


def signals_counted(each: StrategySettings, seen: Indicators, counts: SignalCounts) -> Iterator[Complaint]:
    """Signals that never or always came on the stored candles, and exits that come with every entry."""
    on = f"the {counts.bars:,} stored candles"
    found = [(key, _regular(each, key, count, seen, counts)) for key, count in zip(SIGNALS, counts[1:3], strict=True)]
    if counts.entries >= SOME and counts.both == counts.entries and counts.exits < counts.bars:
        where = f"on {on} wherever the entry was ({counts.entries:,} times)"
        found.append(("exit", f"was true {where}: it sells at once what was bought"))
    for key, reason in found:
        if reason is not None and each.kind == RULES:
            yield warning(each, f"params.{key}", reason)
        elif reason is not None:
            yield warning(each, "params", f"its {key} {reason}")


def _regular(each: StrategySettings, key: str, count: int, seen: Indicators, counts: SignalCounts) -> str | None:
    """That a signal came on every bar, or on none and why; None where that says nothing yet."""
    on, enough = f"the {counts.bars:,} stored candles", counts.bars >= FEW
    if count:
        return f"was true on every one of {on}: it chooses nothing" if enough and count == counts.bars else None
    if each.kind != RULES:
        suspicious = enough and (key == "entry" or not has_other_exit(each))
        return f"was never true on {on}{_unknown(seen, counts)}" if suspicious else None
    rule = rule_parser.parse(each.params[key]) if each.params[key] else None
    why = rule and never_true(rule, seen, each.terms.warmup)
    return f"was never true on {on}: {why.reason}" if why and (why.certain or enough) else None


def _unknown(seen: Indicators, counts: SignalCounts) -> str:
    """That what a kind looks at was never defined, and why where the candles show it."""
    if counts.unknown < counts.bars:
        return ""
    why = standing_still(seen)
    return f": what it looks at is undefined on all of them{f', for {why}' if why else ''}"
