"""What a rule can hardly mean: numbers in different units against each other, conditions that never or always hold."""

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np

from domain import catalogue
from strategies.expression import All, Arithmetic, Comparison, Condition, Constant, Crossing, Not, Number, Reading
from strategies.indicators import Indicators
from strategies.lookahead_analysis import TruncatedIndicators
from strategies.rules import BEFORE
from strategies.undefined import why_undefined

EXTREMES = frozenset({"donchian", "highest", "lowest"})  # of bars among which the newest is
SIDES = ({"lower", "upper"}, {"down", "up"}, {"plus", "minus"}, {"bull", "bear"})  # of outputs
Part = TypeVar("Part")
Sides = Arithmetic | Comparison | Crossing


class NeverTrue(NamedTuple):
    """Why a rule never held; `certain` where that would not change with more bars."""

    reason: str
    certain: bool


def rule_text(node: Number | Condition) -> str:
    """An expression in the words of rules."""
    if isinstance(node, Crossing):
        return f"crosses_{'above' if node.above else 'below'}({rule_text(node.left)}, {rule_text(node.right)})"
    if isinstance(node, All):
        return " and ".join(map(_inner, node.parts))
    if isinstance(node, Not):
        parts = node.part.parts if isinstance(node.part, All) else ()
        either = [part.part for part in parts if isinstance(part, Not)]
        return " or ".join(map(_inner, either)) if parts and len(either) == len(parts) else f"not {_inner(node.part)}"
    if isinstance(node, Comparison):
        return f"{rule_text(node.left)} {node.sign} {rule_text(node.right)}"
    if isinstance(node, Arithmetic):
        left = "" if node.left == Constant(0.0) and node.sign == "-" else f"{_inner(node.left)} "
        return f"{left}{node.sign}{' ' if left else ''}{_inner(node.right)}"
    return f"{node.number:.15g}" if isinstance(node, Constant) else str(node)


def _inner(node: Number | Condition) -> str:
    """The same within another expression."""
    return f"({rule_text(node)})" if isinstance(node, Arithmetic | All | Not) else rule_text(node)


def mixed_units(rule: Condition) -> Iterator[str]:
    """Where a rule holds different units against each other, or adds them, and what to write instead."""
    for node in _nodes(rule):
        if isinstance(node, Comparison | Crossing) and _apart(node):
            yield f"{rule_text(node)}: compares {node.left.unit} with {node.right.unit}{_alike(node)}"
        elif isinstance(node, Arithmetic) and node.sign in "+-" and _apart(node):
            yield f"{rule_text(node)}: {node.left.unit} and {node.right.unit} do not add up{_alike(node)}"


def unnamed_output(rule: Condition) -> Iterator[str]:
    """Indicators whose outputs are two sides of something, none of which is named: it stands for the first."""
    for leaf in dict.fromkeys(rule.leaves()):
        outputs = catalogue.entry(leaf.name).outputs if isinstance(leaf, Reading) and leaf.output is None else ("",)
        if outputs[0] != getattr(leaf, "name", "") and any(sides <= set(outputs) for sides in SIDES):
            names = ", ".join(f".{output}" for output in outputs)
            yield f"{leaf} is its {outputs[0]}: name the output that is meant, one of {names}"


def _apart(node: Sides) -> bool:
    """Whether both sides have a unit, and not the same."""
    return None not in (node.left.unit, node.right.unit) and node.left.unit != node.right.unit


def _alike(node: Sides) -> str:
    """What to write where an indicator of another column would have the unit that is needed."""
    for leaf in (each for each in node.leaves() if isinstance(each, Reading)):
        if leaf.source is None and catalogue.entry(leaf.name).source:
            of = leaf.text.replace("(", "(volume, ", 1).replace(", )", ")")
            if not _apart(_exchanged(node, leaf, replace(leaf, source="volume", text=of))):
                return f"; {leaf} is of the {catalogue.entry(leaf.name).source}: write {of}"
    return ""


def _nodes(node: Any) -> Iterator[Any]:
    """An expression and all that it is made of."""
    yield node
    for part in (*getattr(node, "parts", ()), *(getattr(node, name, None) for name in ("part", "left", "right"))):
        if part is not None:
            yield from _nodes(part)


def never_true(rule: Condition, seen: Indicators, warmup: int) -> NeverTrue | None:
    """Why a rule held on none of the bars of a window that have the warm-up before them, None where it did."""
    parts = dict.fromkeys(rule.parts if isinstance(rule, All) else (rule,))
    held = {part: part.truth(seen).true[warmup:] for part in parts}
    if reduce(np.logical_and, held.values()).any():
        return None
    silent = [part for part, true in held.items() if not true.any()]
    if not silent:
        return NeverTrue("each part of it was, never all at once", certain=False)
    certain = {part: _before(part, seen, warmup) for part in silent}
    hints = {part: certain[part] or _unknown(part, seen, warmup) for part in silent}
    words = [f"{rule_text(part)}{f': {hint}' if hint else ''}" for part, hint in hints.items()]
    return NeverTrue("; ".join(words), certain=any(certain.values()))


def _unknown(part: Condition, seen: Indicators, warmup: int) -> str | None:
    """On how many bars a part was not known, what was undefined there, and why; None where it was always known."""
    unknown = part.truth(seen).unknown[warmup:]
    if not unknown.any():
        return None
    newest = TruncatedIndicators(seen, warmup + int(np.flatnonzero(unknown)[-1]))
    on = "any" if unknown.all() else f"{np.count_nonzero(unknown):,}"
    reasons = " and ".join(_undefined(part, newest))
    return f"it is not known on {on} of them, where {reasons or f'{BEFORE} undefined'}"


def _undefined(part: Condition, bars: Indicators) -> Iterator[str]:
    """What of a part is undefined on the newest of some bars, and why."""
    leaves = [leaf for leaf in dict.fromkeys(part.leaves()) if not np.isfinite(leaf.column(bars)[-1])]
    for leaf in leaves:
        reason = why_undefined(leaf, bars)
        yield f"{leaf} is undefined{f' ({reason})' if reason else ''}"
    for node in () if leaves else _nodes(part):
        if isinstance(node, Arithmetic) and node.sign == "/" and not np.isfinite(node.column(bars)[-1]):
            yield f"{rule_text(node)} divides by zero"


def _before(part: Condition, seen: Indicators, warmup: int) -> str | None:
    """What to write where a bar is compared with something that it is itself a part of: that of the bars before."""
    for leaf in dict.fromkeys(part.leaves()):
        if isinstance(leaf, Reading) and leaf.name in EXTREMES and not leaf.shift:
            instead = _exchanged(part, leaf, before := replace(leaf, shift=1, text=f"{leaf}[1]"))
            if instead.truth(seen).true[warmup:].any():
                return f"the bar itself is in {leaf}, write {before} for those before it"
    return None


def _exchanged(node: Part, old: Reading, new: Reading) -> Part:
    """An expression with another reading in the place of one."""
    if node == old:
        return cast("Part", new)
    if isinstance(node, Arithmetic | Comparison | Crossing):
        return replace(node, left=_exchanged(node.left, old, new), right=_exchanged(node.right, old, new))
    return node
