"""From the text of a rule to an expression. Python's own grammar reads it; nothing of it is ever executed.

What is allowed stands in this file; everything else is refused with the place where it stands.
"""

import ast
import warnings
from collections.abc import Iterable
from math import nan

from domain import catalogue
from domain.catalogue import SOURCES, Argument, Arguments, Entry
from domain.scalars import within
from domain.secrets import shown
from strategies.expression import (
    All,
    Arithmetic,
    Comparison,
    Condition,
    Constant,
    Crossing,
    Not,
    Number,
    Price,
    Reading,
    any_of,
)  # fmt: skip
from strategies.rule_spelling import foreign_call, misjoined, unknown, unreadable

USE = "use prices, name(arguments), name(arguments).output, numbers, and [bars before]"
LARGEST = 1e15  # of the numbers in a rule
LONGEST, MOST, DEEPEST = 1_000, 200, 1_000  # characters of a rule, parts of it, bars that it looks back
CROSSINGS = {"crosses_above": True, "crosses_below": False}
SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip


class RuleInvalid(ValueError):
    """A rule that cannot be understood: says what is wrong and at which column."""


def parse(text: str) -> Condition:
    """The condition that a rule describes. Raises RuleInvalid."""
    rule = " ".join(text.split())
    if len(rule) > LONGEST:
        raise RuleInvalid(f"is longer than {LONGEST} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Python's grammar about Python
            tree = ast.parse(rule, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise RuleInvalid(_pointed(*unreadable(error, rule), rule)) from error
    if sum(1 for _ in ast.walk(tree)) > MOST:
        raise RuleInvalid(f"has more than {MOST} parts")
    return _Parser(rule).condition(tree.body)


def _pointed(message: str, column: int, rule: str) -> str:
    """A message with the place in the rule; one that holds a secret gets no mark, which could part its name from it."""
    marked = f"{rule[:column]}→{rule[column:]}" if shown(rule) == rule else shown(rule)
    return f"{message}, at column {column + 1}: {marked}"


class _Parser:
    """Walks the tree of one rule."""

    def __init__(self, rule: str) -> None:
        self._rule = rule

    def condition(self, node: ast.expr) -> Condition:
        """Something that is true or false."""
        if isinstance(node, ast.BoolOp):
            parts = tuple(map(self.condition, node.values))
            return All(parts) if isinstance(node.op, ast.And) else any_of(parts)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return Not(self.condition(node.operand))
        if isinstance(node, ast.Compare):
            return self._comparison(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CROSSINGS:
            return self._crossing(node, above=CROSSINGS[node.func.id])
        called = foreign_call(node.func) if isinstance(node, ast.Call) else None
        raise self._wrong(node, called or misjoined(node) or "a condition is needed here, such as rsi(14) < 30")

    def number(self, node: ast.expr) -> Number:
        """Something that is worth a number."""
        if (found := self._literal(node)) is not None:
            return Constant(found)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return Arithmetic("-", Constant(0.0), self.number(node.operand))
        if isinstance(node, ast.BinOp) and type(node.op) in SIGNS:
            return Arithmetic(SIGNS[type(node.op)], self.number(node.left), self.number(node.right))
        if reason := misjoined(node):
            raise self._wrong(node, reason)
        return self._reading(node, self._text(node))

    def _literal(self, node: ast.expr) -> float | None:
        """A number as it stands, None for anything else; only what is a number elsewhere in the files too."""
        plain = node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd) else node
        if not isinstance(plain, ast.Constant) or type(plain.value) not in (int, float):
            return None
        if plain.value > LARGEST:  # type: ignore[operator]
            raise self._wrong(node, f"a number of at most {LARGEST:g} is needed here")
        try:
            return float(within(self._text(node)))
        except ValueError as error:
            raise self._wrong(node, str(error)) from error

    def _comparison(self, node: ast.Compare) -> Condition:
        """One comparison, or a chain of them."""
        sides = [self.number(each) for each in (node.left, *node.comparators)]
        for sign in node.ops:
            if type(sign) not in SIGNS:
                raise self._wrong(node, "compare with <, <=, >, >=, == or !=")
        signs = [SIGNS[type(sign)] for sign in node.ops]
        parts: tuple[Condition, ...] = tuple(map(Comparison, signs, sides, sides[1:]))
        return parts[0] if len(parts) == 1 else All(parts)

    def _crossing(self, node: ast.Call, *, above: bool) -> Crossing:
        if len(node.args) != 2 or node.keywords:
            raise self._wrong(node, "takes two numbers: crosses_above(a, b)")
        return Crossing(above, self.number(node.args[0]), self.number(node.args[1]))

    def _reading(self, node: ast.expr, text: str) -> Price | Reading:
        """A price or an indicator, perhaps some bars ago, perhaps one output of several."""
        shift, output = 0, None
        if isinstance(node, ast.Subscript):
            if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
                raise self._wrong(node, foreign_call(node) or USE)
            shift, node = self._bars(node.slice), node.value
        if isinstance(node, ast.Attribute):
            output, node = node.attr, node.value
        if isinstance(node, ast.Name) and output is None:
            return Price(self._known(node, node.id, SOURCES, "price"), shift)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            raise self._wrong(node, foreign_call(node) or USE)
        if node.func.id in CROSSINGS:
            raise self._wrong(node, f"{node.func.id} is a condition, not a number")
        return self._indicator(node, node.func.id, output, text, shift)

    def _indicator(self, node: ast.Call, name: str, output: str | None, text: str, shift: int) -> Reading:
        """An indicator with its source, its arguments and its output."""
        if reason := catalogue.refused().get(name):
            raise self._wrong(node, f"{name} {reason}")
        entry = catalogue.entry(self._known(node, name, catalogue.names(), "indicator"))
        source, given = self._source(node, entry)
        args = self._arguments(entry, node, given)
        return Reading(name, args, self._output(node, entry, output), text, shift, source)

    def _source(self, node: ast.Call, entry: Entry) -> tuple[str | None, list[ast.expr]]:
        """The column that is named first, or as `source`, and the arguments after it."""
        named = [each.value for each in node.keywords if each.arg == "source"]
        first = node.args[:1] if node.args and not isinstance(node.args[0], ast.Constant | ast.UnaryOp) else []
        for each in (*named, *first):
            if entry.source is None:
                reads = ", ".join(entry.reads)
                raise self._wrong(
                    each, f"{entry.name} reads {reads} and takes no other source; its arguments are numbers"
                )
            if not isinstance(each, ast.Name):
                raise self._wrong(each, f"a source is a column as it is: {', '.join(SOURCES)}")
            self._known(each, each.id, SOURCES, "source")
        if named and first:
            raise self._wrong(named[0], "the source is given twice")
        found = next((each.id for each in (*named, *first) if isinstance(each, ast.Name)), None)
        return found, node.args[len(first) :]

    def _arguments(self, entry: Entry, node: ast.Call, given: list[ast.expr]) -> Arguments:
        """All arguments in the indicator's own order."""
        takes = {each.name: each for each in entry.arguments}
        if len(given) > len(takes):
            raise self._wrong(node, f"{entry.name} takes at most {len(takes)} arguments: {', '.join(takes) or 'none'}")
        places = dict(zip(takes, given, strict=False))
        for keyword in node.keywords:
            if keyword.arg == "source":
                continue
            if keyword.arg is None:
                raise self._wrong(keyword.value, f"write the arguments of {entry.name} one by one")
            key = self._known(keyword.value, str(keyword.arg), takes, f"argument of {entry.name}")
            if key in places:
                raise self._wrong(keyword.value, f"{key} is given twice")
            places[key] = keyword.value
        found = {key: self._argument(place, takes[key]) for key, place in places.items()}
        return entry.complete(tuple(found.get(key) for key in takes))

    def _argument(self, node: ast.expr, argument: Argument) -> float:
        """A number within its range."""
        value = self._literal(node)
        try:
            return argument.checked(nan if value is None else value)
        except ValueError as error:
            raise self._wrong(node, f"{argument.range} is needed here, for {argument.name}") from error

    def _output(self, node: ast.Call, entry: Entry, output: str | None) -> str | None:
        """The output's name, checked against those that there are."""
        if output is not None and entry.outputs == ("",):
            raise self._wrong(node, f"{entry.name} has one output only: leave .{output} out")
        return None if output is None else self._known(node, output, entry.outputs, f"output of {entry.name}")

    def _bars(self, node: ast.expr) -> int:
        """How many bars before."""
        value = self._literal(node)
        if value is None or value not in range(DEEPEST + 1):
            raise self._wrong(node, f"the number of bars before, from 0 to {DEEPEST}, is needed here")
        return int(value)

    def _known(self, node: ast.expr, name: str, there: Iterable[str], what: str) -> str:
        """The name, if there is such a thing."""
        known = list(there)
        if name not in known:
            raise self._wrong(node, unknown(name, known, what))
        return name

    def _text(self, node: ast.expr) -> str:
        return ast.get_source_segment(self._rule, node) or ""

    def _wrong(self, node: ast.expr, message: str) -> RuleInvalid:
        column = len(self._rule.encode()[: node.col_offset].decode(errors="ignore"))
        return RuleInvalid(_pointed(message, column, self._rule))
