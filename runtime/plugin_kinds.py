"""The kinds of strategies as processes know them that do not run a user's Python.

Traders run it, and write down what others need: a kind's parameters, and the warm-ups of its strategies, by the digest
of its file. Where the database does not know a file (no trader has run with it yet), it is asked in a child process.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from config.settings import StrategySettings
from config.strategies_file import LONGEST
from db import opened
from db.database import Database
from db.trading import plugin_kinds
from db.trading.plugin_kinds import StoredKind, StoredWarmup
from domain import kind_description
from domain.errors import ConfigError, FleetError
from domain.kind_description import KindDescription
from domain.kinds import Kind, KindFailed, Origin, Params
from domain.small_files import Unfit, beginning
from runtime import plugin_process
from runtime.plugin_process import KindLost, PluginProcess
from strategies import kinds

SIZE = 10_000_000  # bytes of a user's file
COMPLAINTS = 100  # of one strategy's parameters


class DescribedKinds:
    """Tells the kind of a user's file without running it here: `define` is what `strategies.kinds.load` wants.

    `database` names the file that may know it, None where the child is to be asked whatever stands there. The kinds can
    check parameters until the `with` block ends; to build a strategy is refused.
    """

    def __init__(self, database: Callable[[], Path | None] = lambda: None) -> None:
        self._database, self._looked = database, False
        self._db: Database | None = None
        self._process, self._loaded = PluginProcess(), dict[Path, Any]()
        self._lost: dict[Path, str] = {}  # files that have cost a child: they are not asked again

    def __enter__(self) -> "DescribedKinds":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.__exit__()
        if self._db is not None:
            self._db.close()

    def define(self, file: Path) -> Kind:
        """The kind of a file. Raises ConfigError where it cannot be used."""
        kinds.refuse_irregular(file)
        digest, found = "", None
        with suppress(OSError, Unfit):  # what cannot be read cannot be run either: the child says why
            digest = kinds.digest(beginning(file, SIZE))
            found = self._stored(digest)
        if found is None:
            digest, found = self._asked(file)
        return Kind(
            name=found.name,
            doc=found.doc,
            params=found.params,
            exits=found.exits,
            origin=Origin(file, digest),
            build=_refused,
            warmup=partial(self._warmup, file, digest),
            check=partial(self._check, file, digest),
        )

    def _stored(self, digest: str) -> KindDescription | None:
        """What the database knows of a file."""
        db = self._opened()
        with suppress(FleetError, Unfit):
            text = None if db is None else plugin_kinds.description(db, digest)
            return None if text is None else kind_description.parse(text)
        return None

    def _stored_warmup(self, digest: str, params: Params) -> int | None:
        """What the database knows of a strategy that a trader has taken on."""
        db = self._opened()
        with suppress(FleetError):
            return None if db is None else plugin_kinds.warmup(db, digest, kind_description.params_key(params))
        return None

    def _opened(self) -> Database | None:
        """The database, None where there is none of this schema."""
        if not self._looked:
            self._looked = True
            with suppress(FleetError):
                path = self._database()
                self._db = opened(path, read_only=True) if path is not None else None
        return self._db

    def _asked(self, file: Path) -> tuple[str, KindDescription]:
        """What the child says of a file. Raises ConfigError."""
        try:
            found = self._asked_of(file, "describe")
            digest, text = found["digest"], found["description"]
            return str(digest)[:64], kind_description.parse(str(text))
        except KindFailed as error:
            raise ConfigError(f"{file}: {error}") from error
        except (Unfit, KeyError, TypeError) as error:
            raise ConfigError(f"{file}: its KIND cannot be described: {error}") from error

    def _asked_of(self, file: Path, question: str, *arguments: object) -> Any:
        """The answer of the child, which runs the file first where it has not yet. Raises KindFailed, ConfigError."""
        if file in self._lost:
            raise KindFailed(self._lost[file])
        try:
            if file not in self._loaded:
                self._loaded[file] = self._process.ask("describe", file, seconds=plugin_process.LOADING)
            return self._loaded[file] if question == "describe" else self._process.ask(question, file, *arguments)
        except KindLost as error:
            self._loaded.clear()
            self._lost[file] = str(error)
            raise

    def _warmup(self, file: Path, digest: str, params: Params) -> int:
        """How many bars must precede a decision. Raises KindFailed."""
        known = self._stored_warmup(digest, params)
        found = self._asked_of(file, "warmup", params) if known is None else known
        if not isinstance(found, int) or not 0 <= found <= LONGEST:
            raise KindFailed(f"says a warm-up of {str(found)[:20]} bars: from 0 to {LONGEST:,} are possible")
        return found

    def _check(self, file: Path, digest: str, params: Params) -> list[tuple[str, str]]:
        """What speaks against parameters; nothing does where a trader has taken them on. Raises KindFailed."""
        if self._stored_warmup(digest, params) is not None:
            return []
        found = self._asked_of(file, "check", params)
        if not isinstance(found, list) or len(found) > COMPLAINTS:
            raise KindFailed("gave no list of complaints")
        return [_complaint(each) for each in found]


def _complaint(found: Any) -> tuple[str, str]:
    """A parameter's name, and what is wrong with it. Raises KindFailed."""
    if isinstance(found, list) and len(found) == 2 and all(isinstance(each, str) for each in found):
        return found[0][: kind_description.LONGEST], found[1][: kind_description.LONGEST]
    raise KindFailed("gave complaints that are no pairs of a parameter and a text")


def _refused(_params: Params) -> NoReturn:
    """The kind's own code is not here."""
    raise KindFailed("is not run in this process: only a trader builds it")


def keep(db: Database, known: Mapping[str, Kind], strategies: Iterable[StrategySettings], now_ms: int) -> None:
    """Write down what others need of the users' kinds that a trader has loaded, and of its strategies."""
    own = {name: kind.origin.digest for name, kind in known.items() if kind.origin is not None}
    listed = [StoredKind(digest, name, kind_description.dump(known[name])) for name, digest in own.items()]
    warmups = [
        StoredWarmup(own[each.kind], kind_description.params_key(each.params), known[each.kind].warmup(each.params))
        for each in strategies
        if each.kind in own
    ]
    plugin_kinds.keep(db, listed, warmups, now_ms)
