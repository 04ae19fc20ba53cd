"""A strategy written wholly in YAML: an entry and an exit rule over prices and any indicator."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

import numpy as np

from domain.kinds import Kind, Param, Params
from domain.units import Unit
from strategies.base import ColumnStrategy, Signals, Words
from strategies.expression import Condition, Price, Reading
from strategies.indicators import Indicators
from strategies.rule_parser import RuleInvalid, parse

BEFORE = "the bar before, or a division by zero, is"
Leaves = Mapping[str, Price | Reading]


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition with the words that it was written in, and what it reads by name."""

    text: str
    condition: Condition
    leaves: Leaves

    @classmethod
    def of(cls, text: str) -> "Rule":
        """The rule of a text. Raises RuleInvalid."""
        condition = parse(text)
        return cls(" ".join(text.split()), condition, {str(leaf): leaf for leaf in condition.leaves()})


@dataclass(frozen=True, slots=True)
class Rules(ColumnStrategy):
    """Enters while `entry` holds, exits while `exit` holds; without `exit` only its exits close a position.

    `leaves` is what both rules read, by name.
    """

    entry: Rule
    exit: Rule | None
    leaves: Leaves

    @property
    def units(self) -> Mapping[str, Unit]:
        """The units of what it looks at, by the names that its signals have for them."""
        return {name: leaf.unit for name, leaf in self.leaves.items()}

    def signals(self, indicators: Indicators) -> Signals:
        """Where the rules hold."""
        entry = self.entry.condition.truth(indicators)
        if self.exit is None:
            return Signals(entry.true, np.zeros(len(indicators), np.bool_), entry.unknown)
        leave = self.exit.condition.truth(indicators)
        return Signals(entry.true, leave.true, entry.unknown | leave.unknown)

    def words(self, indicators: Indicators, signals: Signals) -> Words:
        """The rules in their own words, with what they saw; where one is not known, what is undefined."""
        values = {name: float(leaf.column(indicators)[-1]) for name, leaf in self.leaves.items()}
        seen = {name: f"{name} {f'{value:.6g}' if isfinite(value) else 'undefined'}" for name, value in values.items()}
        return Words(
            entry=_text(self.entry, seen),
            exit=_text(self.exit, seen) if self.exit else "",
            reason=self._unknown(indicators, values) if signals.newest_undefined else ", ".join(seen.values()),
            indicators={name: value for name, value in values.items() if isfinite(value)},
        )

    def _unknown(self, indicators: Indicators, values: Mapping[str, float]) -> str:
        """Which rule is not known on the newest bar, and what is undefined there."""
        rules = (("entry", self.entry), ("exit", self.exit))
        names = [name for name, rule in rules if rule and rule.condition.truth(indicators).at(-1) is None]
        undefined = [name for name, value in values.items() if not isfinite(value)]
        return f"{' and '.join(names)} not known: {', '.join(undefined) or BEFORE} undefined"


def _text(rule: Rule, seen: Mapping[str, str]) -> str:
    """A rule in its own words, with what it saw."""
    return f"{rule.text} [{', '.join(map(seen.__getitem__, rule.leaves))}]"


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
    entry, leave = Rule.of(params["entry"]), Rule.of(params["exit"]) if params["exit"].split() else None
    return Rules(entry, leave, {**entry.leaves, **(leave.leaves if leave else {})})


def _warmup(params: Params) -> int:
    """The longest lookback of what both rules read, and two bars at least."""
    rules = _build(params)
    return max(2, *(rule.condition.lookback for rule in (rules.entry, rules.exit) if rule is not None))


KIND = Kind(
    name="rules",
    doc="enters and exits by rules over prices and indicators, written in the strategy's file",
    params={
        "entry": Param(str, None, "the rule that enters, such as rsi(14) < 30 and close > sma(200)"),
        "exit": Param(str, "", "the rule that exits; without it only `exits` close a position"),
    },
    build=_build,
    warmup=_warmup,
    check=_check,
)
