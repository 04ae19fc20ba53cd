"""A strategy written wholly in YAML: an entry and an exit rule over prices and any indicator."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite

from domain.kinds import Kind, Param, Params
from domain.strategy import Signal
from domain.units import Unit
from strategies.expression import Condition, Price, Reading
from strategies.indicators import Indicators
from strategies.rule_parser import RuleInvalid, parse

BEFORE = "the bar before, or a division by zero, is"


@dataclass(frozen=True, slots=True)
class Rules:
    """Enters while `entry` holds, exits while `exit` holds; without `exit` only its exits close a position."""

    entry_text: str
    exit_text: str
    entry: Condition
    exit: Condition | None

    @property
    def warmup(self) -> int:
        """The longest lookback of what both rules read, and two bars at least."""
        return max(2, self.entry.lookback, self.exit.lookback if self.exit else 0)

    @property
    def units(self) -> Mapping[str, Unit]:
        """The units of what it looks at, by the names that its signals have for them."""
        return {str(leaf): leaf.unit for leaf in (*self.entry.leaves(), *(self.exit.leaves() if self.exit else ()))}

    def signal(self, indicators: Indicators) -> Signal:
        """What the rules say of the newest bar."""
        entry = self.entry.holds(indicators)
        leave = None if self.exit is None else self.exit.holds(indicators)
        leaves = dict.fromkeys([*self.entry.leaves(), *(self.exit.leaves() if self.exit else ())])
        values = {str(leaf): leaf.value(indicators) for leaf in leaves}
        undefined = [name for name, value in values.items() if not isfinite(value)]
        rules = (("entry", self.entry, entry), ("exit", self.exit, leave))
        unknown = " and ".join(name for name, rule, holds in rules if rule is not None and holds is None)
        return Signal(
            entry=_rule_with_values(self.entry_text, self.entry.leaves(), indicators) if entry else None,
            exit=_rule_with_values(self.exit_text, self.exit.leaves(), indicators) if leave and self.exit else None,
            reason=f"{unknown} not known: {', '.join(undefined) or BEFORE} undefined"
            if unknown
            else _seen(values.items()),
            indicators={name: value for name, value in values.items() if isfinite(value)},
            undefined=bool(unknown),
        )


def _rule_with_values(text: str, leaves: Iterable[Price | Reading], indicators: Indicators) -> str:
    """A rule in its own words, with what it saw."""
    return f"{text} [{_seen((str(leaf), leaf.value(indicators)) for leaf in dict.fromkeys(leaves))}]"


def _seen(values: Iterable[tuple[str, float]]) -> str:
    return ", ".join(f"{name} {value:.6g}" if isfinite(value) else f"{name} undefined" for name, value in values)


def _check(params: Params) -> list[tuple[str, str]]:
    """What is wrong with the rules, with its place."""
    found = []
    for name in ("entry", "exit"):
        try:
            if params[name]:
                parse(params[name])
        except RuleInvalid as error:
            found.append((name, str(error)))
    return found


def _build(params: Params) -> Rules:
    text = {name: " ".join(params[name].split()) for name in ("entry", "exit")}
    return Rules(text["entry"], text["exit"], parse(text["entry"]), parse(text["exit"]) if text["exit"] else None)


KIND = Kind(
    name="rules",
    doc="enters and exits by rules over prices and indicators, written in the strategy's file",
    params={
        "entry": Param(str, None, "the rule that enters, such as rsi(14) < 30 and close > sma(200)"),
        "exit": Param(str, "", "the rule that exits; without it only `exits` close a position"),
    },
    build=_build,
    warmup=lambda params: _build(params).warmup,
    check=_check,
)
