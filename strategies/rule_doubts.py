"""What a rule can hardly mean: numbers in different units against each other, conditions that never or always hold."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple, TypeVar, cast

from strategies.expression import All, Arithmetic, Comparison, Condition, Constant, Crossing, Not, Number, Reading
from strategies.indicators import Indicators

Part = TypeVar("Part")
Bars = Callable[[], Iterable[Indicators]]  # the bars anew at each call, each as it was when it was the newest


class Silence(NamedTuple):
    """Why a rule never held; `certain` where that would not change with more bars."""

    reason: str
    certain: bool


def told(node: Number | Condition) -> str:
    """An expression in the words of rules."""
    if isinstance(node, Crossing):
        return f"crosses_{'above' if node.above else 'below'}({told(node.left)}, {told(node.right)})"
    if isinstance(node, All):
        return " and ".join(map(_inner, node.parts))
    if isinstance(node, Not):
        parts = node.part.parts if isinstance(node.part, All) else ()
        either = [part.part for part in parts if isinstance(part, Not)]
        return " or ".join(map(_inner, either)) if parts and len(either) == len(parts) else f"not {_inner(node.part)}"
    if isinstance(node, Comparison):
        return f"{told(node.left)} {node.sign} {told(node.right)}"
    if isinstance(node, Arithmetic):
        left = "" if node.left == Constant(0.0) and node.sign == "-" else f"{_inner(node.left)} "
        return f"{left}{node.sign}{' ' if left else ''}{_inner(node.right)}"
    return f"{node.number:.15g}" if isinstance(node, Constant) else str(node)


def _inner(node: Number | Condition) -> str:
    """The same within another expression."""
    return f"({told(node)})" if isinstance(node, Arithmetic | All | Not) else told(node)


def never(rule: Condition, bars: Bars) -> Silence | None:
    """Why a rule held on none of some bars, None where it did."""
    if any(rule.holds(bar) for bar in bars()):
        return None
    parts = rule.parts if isinstance(rule, All) else (rule,)
    silent = {part: _before(part, bars) for part in parts if not any(part.holds(bar) for bar in bars())}
    if not silent:
        return Silence("each part of it was, never all at once", certain=False)
    words = [f"{told(part)}{f': {hint}' if hint else ''}" for part, hint in silent.items()]
    return Silence("; ".join(words), certain=any(silent.values()))


def always(rule: Condition, bars: Bars) -> bool:
    """Whether a rule held on every one of some bars."""
    return all(rule.holds(bar) for bar in bars())


def _before(part: Condition, bars: Bars) -> str | None:
    """What to write where a bar is compared with something that it is itself a part of: that of the bars before."""
    for leaf in dict.fromkeys(part.leaves()):
        if isinstance(leaf, Reading) and not leaf.shift:
            instead = _exchanged(part, leaf, before := replace(leaf, shift=1, text=f"{leaf}[1]"))
            if any(instead.holds(bar) for bar in bars()):
                return f"the bar itself is in {leaf}, write {before} for those before it"
    return None


def _exchanged(node: Part, old: Reading, new: Reading) -> Part:
    """An expression with another reading in the place of one."""
    if node == old:
        return cast("Part", new)
    if isinstance(node, Arithmetic | Comparison | Crossing):
        return replace(node, left=_exchanged(node.left, old, new), right=_exchanged(node.right, old, new))
    return node
