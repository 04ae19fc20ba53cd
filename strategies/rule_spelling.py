"""What somebody wrote in a rule who knows them from elsewhere, or knows them well enough: what to write instead."""

import ast
import re
from collections.abc import Sequence
from difflib import get_close_matches

from domain import catalogue
from domain.catalogue import SOURCES
from domain.foreign import RULES, SPELLINGS
from domain.scalars import octal

NUMBERED = re.compile(r"([a-z]+)_?([0-9]{1,4})")  # ema9, sma_200
MOST = 12  # names that are told where none is near


def unreadable(error: Exception, rule: str) -> tuple[str, int]:
    """Why Python's grammar cannot read a rule, and at which place of it: what is written elsewhere first."""
    offset = getattr(error, "offset", None)
    column = len(rule) if not offset else offset - 1
    zeros = re.match("[0-9.]*", rule[column:])
    if zeros and (advice := octal(zeros[0])):
        return advice, column
    matches = [(match, advice) for pattern, advice in SPELLINGS.items() if (match := re.search(pattern, rule))]
    if matches:
        found, advice = min(matches, key=lambda each: each[0].start())
        return f"{found[0].strip()}: {advice}", found.start()
    return f"cannot be read: {'it ends too early' if not offset else getattr(error, 'msg', error)}", column


def unknown(name: str, known: Sequence[str], what: str) -> str:
    """That there is no such thing, and what may be meant."""
    advice = f"there is no {what} {name}"
    if name.lower() in known:
        return f"{advice}; write {name.lower()}"
    if answer := RULES.get(name) or RULES.get(name.lower()):
        return f"{advice}; {answer}"
    if what == "price" and (instead := _as_indicator(name.lower())):
        return f"{advice}; write {instead}"
    if what == "indicator" and name.lower() in SOURCES:
        return f"{advice}; {name.lower()} is a column: write it without brackets"
    near = get_close_matches(name.lower(), known, 1)
    return f"{advice}; " + (f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known)[:MOST])}")


def _as_indicator(name: str) -> str | None:
    """A name as the indicator that it is without brackets; None where it is none."""
    numbered = NUMBERED.fullmatch(name)
    if numbered and numbered[1] in catalogue.names() and catalogue.entry(numbered[1]).arguments:
        return f"{numbered[1]}({int(numbered[2])})"
    if name not in catalogue.names():
        return None
    defaults = [each.default for each in catalogue.entry(name).arguments if not isinstance(each.default, str)]
    return f"{name}({', '.join(f'{default:g}' for default in defaults)})"


def misjoined(node: ast.expr) -> str | None:
    """What to write for what Python's grammar reads and rules do not have; None for anything else."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr):
        return f"write {'and' if isinstance(node.op, ast.BitAnd) else 'or'}, and each comparison beside it"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
        return "write not"
    if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
        return "compute with +, -, * and /"
    if isinstance(node, ast.Tuple):
        return "a comma stands between arguments only; a number has a point before its fraction"
    return None


def foreign_call(node: ast.expr) -> str | None:
    """What to write for qtpylib.crossed_above(…), ta.rsi(…), dataframe['close'] and close.shift(1); else None."""
    words = [each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)]
    words += [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
    return next((f"{word}: {RULES[word]}" for word in words if word in RULES), None)
