"""Rules built as values: each knows its words for the configuration, and computes by itself what they mean."""

import operator
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tests.witness.seen import Seen, UndefinedError
from tests.witness.terms import Brain

Number = Callable[[Seen, int], float]  # of a window, so many bars ago
COMPARED = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


@dataclass(frozen=True)
class Term:
    """A number of a window: words, value, the bars that it needs, and the leaves that the product shows of it.

    What recurs has forgotten its start at the bar before as well, so that its first bar back costs nothing.
    """

    words: str
    value: Number
    length: int = 1
    recurs: bool = False
    back: int = 0
    leaves: dict[str, Number] = field(default_factory=dict)

    def bars(self, more: int = 0) -> int:
        """Bars of its window, so many bars ago."""
        back = self.back + more
        return self.length + back - (self.recurs and back > 0)

    def __getitem__(self, ago: int) -> "Term":
        """The same so many bars ago; of a leaf only."""
        words, value = f"{self.words}[{ago}]", lambda seen, more: self.value(seen, ago + more)
        return replace(self, words=words, value=value, back=ago, leaves={words: value})

    def __add__(self, other: "Term | float") -> "Term":
        """The sum."""
        return self._joined("+", operator.add, other)

    def __sub__(self, other: "Term | float") -> "Term":
        """The difference."""
        return self._joined("-", operator.sub, other)

    def __mul__(self, other: "Term | float") -> "Term":
        """The product."""
        return self._joined("*", operator.mul, other)

    def __truediv__(self, other: "Term | float") -> "Term":
        """The quotient, undefined where it divides by zero."""
        return self._joined("/", divided, other)

    def __lt__(self, other: "Term | float") -> "Rule":
        """Below."""
        return compared(self, "<", other)

    def __le__(self, other: "Term | float") -> "Rule":
        """Not above."""
        return compared(self, "<=", other)

    def __gt__(self, other: "Term | float") -> "Rule":
        """Above."""
        return compared(self, ">", other)

    def __ge__(self, other: "Term | float") -> "Rule":
        """Not below."""
        return compared(self, ">=", other)

    def _joined(self, sign: str, apply: Callable[[float, float], float], other: "Term | float") -> "Term":
        right = number(other)
        return Term(
            f"({self.words} {sign} {right.words})",
            lambda seen, ago: apply(self.value(seen, ago), right.value(seen, ago)),
            max(self.bars(), right.bars()), leaves=self.leaves | right.leaves,
        )  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """Something that is true or not of a window, or None: not known, where it depends on what is not defined."""

    words: str
    holds: Callable[[Seen], bool | None]
    bars: int
    leaves: dict[str, Number]

    def __and__(self, other: "Rule") -> "Rule":
        """Both."""
        return self._joined("and", False, other)

    def __or__(self, other: "Rule") -> "Rule":
        """Either."""
        return self._joined("or", True, other)

    def __invert__(self) -> "Rule":
        """The opposite."""

        def holds(seen: Seen) -> bool | None:
            found = self.holds(seen)
            return None if found is None else not found

        return Rule(f"not ({self.words})", holds, self.bars, self.leaves)

    def _joined(self, word: str, settled: bool, other: "Rule") -> "Rule":
        def holds(seen: Seen) -> bool | None:
            both = (self.holds(seen), other.holds(seen))
            return settled if settled in both else None if None in both else not settled

        return Rule(
            f"({self.words}) {word} ({other.words})", holds, max(self.bars, other.bars), self.leaves | other.leaves,
        )  # fmt: skip


def divided(over: float, under: float) -> float:
    """A quotient; undefined where it divides by zero."""
    if under == 0:
        raise UndefinedError
    return over / under


def number(value: Term | float) -> Term:
    """A number as a term."""
    return value if isinstance(value, Term) else Term(repr(value), lambda _seen, _ago: value)


def leaf(words: str, value: Number, length: int, *, recurs: bool = False) -> Term:
    """A price or an indicator, which the product shows."""
    return Term(words, value, length, recurs, leaves={words: value})


def compared(left: Term, sign: str, other: Term | float) -> Rule:
    """A comparison of two numbers."""
    right = number(other)
    return Rule(
        f"{left.words} {sign} {right.words}",
        lambda seen: known(lambda: COMPARED[sign](left.value(seen, 0), right.value(seen, 0))),
        max(left.bars(), right.bars()), left.leaves | right.leaves,
    )  # fmt: skip


def known(test: Callable[[], bool]) -> bool | None:
    """The answer, None where something in it is undefined."""
    try:
        return bool(test())
    except UndefinedError:
        return None


def crosses_above(left: Term, other: Term | float) -> Rule:
    """At the bar before not above, at this bar above."""
    return _crosses("above", left, number(other), 1)


def crosses_below(left: Term, other: Term | float) -> Rule:
    """At the bar before not below, at this bar below."""
    return _crosses("below", left, number(other), -1)


def _crosses(word: str, left: Term, right: Term, side: int) -> Rule:
    def above(seen: Seen, ago: int) -> bool:
        return side * left.value(seen, ago) > side * right.value(seen, ago)

    def holds(seen: Seen) -> bool | None:
        before, now = known(lambda: above(seen, 1)), known(lambda: above(seen, 0))
        return False if before or now is False else None if None in (before, now) else True

    bars = max(left.bars(1), right.bars(1))
    return Rule(f"crosses_{word}({left.words}, {right.words})", holds, bars, left.leaves | right.leaves)


def brain(entry: Rule, leave: Rule) -> Brain:
    """A strategy of kind `rules`."""
    leaves = entry.leaves | leave.leaves
    return Brain(
        words=f'strategy: rules\nparams:\n  entry: "{entry.words}"\n  exit: "{leave.words}"',
        warmup=max(entry.bars, leave.bars), enter=entry.holds, leave=leave.holds,
        shown={words: lambda seen, value=value: value(seen, 0) for words, value in leaves.items()},
    )  # fmt: skip
