"""The kinds of strategies there are: the shipped ones, and the users' own from the folders the configuration names."""

import importlib.util
import traceback
from collections.abc import Iterable, Mapping
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import MappingProxyType

from domain.errors import ConfigError
from domain.kinds import Kind, Params
from strategies import macd, rsi, rules, scalping, trend
from strategies.base import Strategy
from strategies.indicators import Indicators

SHIPPED: Mapping[str, Kind] = MappingProxyType(
    {kind.name: kind for kind in (rsi.KIND, macd.KIND, scalping.KIND, trend.KIND, rules.KIND)}
)


def load(plugins: Iterable[Path] = ()) -> Mapping[str, Kind]:
    """Every kind by name: the shipped ones, then `KIND` of each Python file in the plugin folders. Hidden files are an
    editor's or a Mac's.

    Raises ConfigError where a file cannot be loaded, has no `KIND`, or takes a name that is taken.
    """
    found, troubles = survey(plugins)
    if troubles:
        raise ConfigError("\n".join(troubles))
    return found


def survey(plugins: Iterable[Path]) -> tuple[Mapping[str, Kind], list[str]]:
    """As `load`, with the complaints of the files that do not serve; they cost their own kinds only."""
    kinds, troubles = dict(SHIPPED), list[str]()
    found = (file for folder in plugins for file in folder.glob("*.py") if not file.name.startswith("."))
    for file in sorted(found):
        try:
            kind = _plugin(file)
        except ConfigError as error:
            troubles.append(str(error))
        else:
            if kind.name in kinds:
                troubles.append(f"{file}: the kind {kind.name} exists already; choose another name")
            kinds.setdefault(kind.name, kind)
    return MappingProxyType(kinds), troubles


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
    """Reads what the file says now. Compiled files are known by second and size: an edit may leave both as they are."""

    def path_stats(self, path: str) -> Mapping[str, float]:
        """Neither is known, so that no compiled file is read or written."""
        raise OSError(path)


def _plugin(file: Path) -> Kind:
    """The kind that a user's file defines."""
    if not file.is_file():  # a pipe would be waited for
        raise ConfigError(f"{file}: is no regular file")
    loader = _SourceLoader(f"tradefleet_plugin_{file.stem}", str(file.absolute()))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    try:
        loader.exec_module(module)
    except (Exception, SystemExit) as error:  # whatever a user's file raises, it cannot be used: say where it failed
        raise ConfigError(f"{place(error, [file.parent]) or file}: {_words(error)}") from error
    kind = getattr(module, "KIND", None)
    if not isinstance(kind, Kind):
        raise ConfigError(f"{file}: defines no KIND; see docs/strategies.md, Your own")
    return kind
