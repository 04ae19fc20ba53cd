"""The kinds of strategies there are: the shipped ones, and the users' own from the folders the configuration names."""

import importlib.util
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, MappingProxyType
from typing import Any

from domain.errors import ConfigError
from domain.kinds import Kind, Origin, Params
from strategies import macd, rsi, rules, scalping, trend
from strategies.base import Strategy
from strategies.indicators import Indicators

Define = Callable[[Path], Kind]
SHIPPED: Mapping[str, Kind] = MappingProxyType(
    {kind.name: kind for kind in (rsi.KIND, macd.KIND, scalping.KIND, trend.KIND, rules.KIND)}
)


def build(kind: str, params: Params, kinds: Mapping[str, Kind] = SHIPPED) -> Strategy:
    """The strategy of a kind with complete parameters. Raises TypeError where it cannot be asked for a signal."""
    strategy: Strategy = kinds[kind].build(params)
    if not hasattr(strategy, "signal"):
        raise TypeError(
            f"the kind {kind} builds a {type(strategy).__name__} that has no signal: derive it from"
            " strategies.base.ColumnStrategy, or give it signal(indicators); see docs/strategies.md, Your own kind"
        )
    return strategy


def raised(error: BaseException, folders: Iterable[Path]) -> str:
    """What a kind raised, and at which line of a user's file where it was one's own."""
    where = place(error, folders)
    return f"raised {_words(error)}{f' at {where}' if where else ''}"


def place(error: BaseException, folders: Iterable[Path]) -> str | None:
    """The file and line in these folders at which something was raised, or which cannot be read as Python; None where
    it was not there.
    """
    steps = [(step.filename, step.lineno) for step in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        steps.append((error.filename or "", error.lineno))
    theirs = [(folder, folder.absolute()) for folder in folders]
    for name, line in reversed(steps):
        for folder, whole in theirs:
            if Path(name).is_relative_to(whole):
                return f"{folder / Path(name).relative_to(whole)}:{line}"
    return None


def _words(error: BaseException) -> str:
    """What was raised; where a syntax error is stands before it."""
    return f"{type(error).__name__}: {error.msg if isinstance(error, SyntaxError) else error}"


def atr(indicators: Indicators, length: int) -> float:
    """The newest ATR(length), NaN while undefined."""
    return float(indicators("atr", length)[-1])


class _SourceLoader(SourceFileLoader):
    """Reads what the file says now, and keeps the digest of what it has read. Compiled files are known by second and
    size: an edit may leave both as they are.
    """

    digest = ""

    def path_stats(self, path: str) -> Mapping[str, float]:
        """Neither is known, so that no compiled file is read or written."""
        raise OSError(path)

    def source_to_code(self, data: Any, path: Any) -> CodeType:  # type: ignore[override]
        """The code that the bytes of the file are. Where they name pandas it is there already, without pyarrow."""
        self.digest = digest(data)
        if b"pandas" in data:
            from strategies import light_pandas  # noqa: F401, PLC0415  none of ours needs it
        return super().source_to_code(data, path)


def digest(content: bytes) -> str:
    """What tells one state of a user's file from another: SHA-256, hexadecimal."""
    return sha256(content).hexdigest()


def run(file: Path) -> Kind:
    """The kind that a user's file defines, by running it in this process. Raises ConfigError where it is of no use."""
    loader = _SourceLoader(f"tradefleet_plugin_{file.stem}", str(file.absolute()))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    refuse_irregular(file)
    try:
        loader.exec_module(module)
    except (Exception, SystemExit) as error:  # whatever a user's file raises, it cannot be used: say where it failed
        raise ConfigError(f"{place(error, [file.parent]) or file}: {_words(error)}") from error
    kind = getattr(module, "KIND", None)
    if not isinstance(kind, Kind):
        raise ConfigError(f"{file}: defines no KIND; see docs/strategies.md, Your own")
    return replace(kind, origin=Origin(file, loader.digest))


def refuse_irregular(file: Path) -> None:
    """Raise ConfigError for what is no regular file: a pipe would be waited for."""
    if not file.is_file():
        raise ConfigError(f"{file}: is no regular file")


def load(plugins: Iterable[Path] = (), define: Define = run) -> Mapping[str, Kind]:
    """Every kind by name: the shipped ones, then that of each Python file in the plugin folders. Hidden files are an
    editor's or a Mac's. `define` tells the kind of a file; only traders may `run` it.

    Raises ConfigError where a file cannot be loaded, has no `KIND`, or takes a name that is taken.
    """
    found, troubles = survey(plugins, define)
    if troubles:
        raise ConfigError("\n".join(troubles))
    return found


def survey(plugins: Iterable[Path], define: Define = run) -> tuple[Mapping[str, Kind], list[str]]:
    """As `load`, with the complaints of the files that do not serve; they cost their own kinds only."""
    kinds, troubles = dict(SHIPPED), list[str]()
    found = (file for folder in plugins for file in folder.glob("*.py") if not file.name.startswith("."))
    for file in sorted(found):
        try:
            kind = define(file)
        except ConfigError as error:
            troubles.append(str(error))
        else:
            if kind.name in kinds:
                troubles.append(f"{file}: the kind {kind.name} exists already; choose another name")
            kinds.setdefault(kind.name, kind)
    return MappingProxyType(kinds), troubles
