"""What can be asked of a user's Python, and the answers as plain values: run in `runtime.plugin_host` only.

Every answer is an object with one key: `answer`; `refused` with a complaint that names the file; or `failed` with what
became of it, in words behind the name of its kind.
"""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from domain import kind_description
from domain.errors import ConfigError
from domain.kinds import Kind, Params
from runtime.candle_checks import CandleQuestion, candle_checks
from strategies import kinds

Answer = Mapping[str, Any]


def describe(file: Path) -> Answer:
    """The kind of a file without its code, and the digest of what was read."""
    try:
        kind = _kind(file)
        assert kind.origin is not None
        return {"answer": {"digest": kind.origin.digest, "description": kind_description.dump(kind)}}
    except ConfigError as error:
        return {"refused": str(error)}
    except Exception as error:  # noqa: BLE001  a KIND may hold anything
        return {"refused": f"{file}: its KIND cannot be described: {type(error).__name__}: {error}"}


def check(file: Path, params: Params) -> Answer:
    """What a kind says against parameters: pairs of a name and a complaint."""
    return _said(lambda kind: [[str(name), str(text)] for name, text in kind.check(params)], file)


def warmup(file: Path, params: Params) -> Answer:
    """How many bars a kind needs before its first decision."""
    return _said(lambda kind: _whole(kind.warmup(params)), file)


def build(file: Path, params: Params) -> Answer:
    """Nothing: whether a kind comes back from building a strategy is what is asked."""
    _said(lambda kind: kind.build(params), file)
    return {"answer": None}


def checked(file: Path, question: CandleQuestion) -> Answer:
    """What stored candles say of a strategy."""
    return _said(lambda kind: candle_checks(question, {kind.name: kind})._asdict(), file)


def _said(ask: Callable[[Kind], object], file: Path) -> Answer:
    """The answer of a kind."""
    try:
        return {"answer": ask(_kind(file))}
    except (Exception, SystemExit) as error:  # noqa: BLE001  a user's code may raise anything
        return {"failed": f"raised {type(error).__name__}: {error}"}


def _whole(value: Any) -> int:
    """A whole number, whichever library's. Raises ValueError for what is none."""
    if int(value) != value:
        raise ValueError(f"the warm-up {value!r} is no whole number")
    return int(value)


@cache
def _kind(file: Path) -> Kind:
    """The kind of a file, which is run once."""
    return kinds.run(file)


ANSWERS: Mapping[str, Callable[..., Answer]] = {
    "describe": describe, "check": check, "warmup": warmup, "build": build, "checked": checked,
}  # fmt: skip
