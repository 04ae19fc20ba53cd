"""Which series an import brings, before any row is read: by what a person says and by the names of files and members.

What these say differently is refused; of an archive that holds many series a person may ask for some.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from zipfile import ZipFile

from backfiller.file_names import Label, contradiction, few, label, spot
from backfiller.pairs import NOTHING, Known
from config.values import exchange, symbol, timeframe
from db.files import archive, reading
from db.files.archive import Member
from domain import exchanges
from domain.errors import ConfigError, Rejected

PARSERS = {"exchange": exchange, "symbol": symbol, "timeframe": timeframe}


@dataclass(frozen=True, slots=True)
class Load:
    """What is imported in one go: a file (its only member is None), or the members of an archive that belong to one
    series. What is None its columns tell, a symbol read by what is `known`. `chosen`: what a person has named.
    `guessed_exchange`: the exchange is the one that calls its files so, or that its folder is called after; what a
    column says counts more.
    """

    path: Path
    exchange: str | None
    symbol: str | None
    timeframe: str | None
    chosen: frozenset[str]
    guessed_exchange: bool = False
    members: tuple[Member | None, ...] = (None,)
    known: Known = NOTHING

    @property
    def nameless(self) -> bool:
        """Whether it comes out of an archive, under names that tell no series."""
        return all(each is not None and label(each.name).pair is None for each in self.members)


class TableLocation(NamedTuple):
    """Where a table stands: in a file, or in an archive."""

    path: Path
    member: Member | None = None
    archive: ZipFile | None = None


class OpenedArchive(NamedTuple):
    """An archive, and by what the names in it are read."""

    archive: ZipFile
    known: Known


@dataclass(slots=True)
class Manifest:
    """What a file holds. `left`: what is left out of it, `refused`: what is not what it is said to be; in sentences."""

    path: Path
    loads: list[Load] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def manifest(path: Path, wish: Label, known: Known = NOTHING) -> Manifest:
    """What a file holds of what is wished for; pairs are read by what is known. Raises ConfigError where nobody tells
    what it holds, or its name and the wish say different things.
    """
    if not path.is_file():
        raise ConfigError(f"{path}: there is no such file")
    if (reason := archive.foreign(path.name)) is not None and not archive.JSON.search(path.name):
        return Manifest(path, left=[f"{path.name}: left out: {reason}"])
    if not archive.is_zip(path) and (reason := archive.unopened(path.name)) is not None:
        return Manifest(path, refused=[f"{path.name}: {reason}"])
    own = _label(TableLocation(path), known)
    try:
        _require_spot(path.name)
    except Rejected as error:
        raise ConfigError(str(error)) from error
    if (clash := contradiction(own, wish)) is not None:
        raise ConfigError(f"{path}: its name says {clash[0]}, the command says {clash[1]}")
    if archive.is_zip(path):
        return _archive(path, wish, own, known)
    return Manifest(path, [_load(TableLocation(path), (wish, own), known)])


def _archive(path: Path, wish: Label, own: Label, known: Known) -> Manifest:
    """The members of a zip, those of a series together."""
    found = Manifest(path)
    try:
        with archive.unzipped(path) as zipped:
            assert zipped is not None
            members = archive.members(path, zipped)
            found.left = _left_out(path, [each for each in members if each.foreign])
            whole = [each for each in members if not each.foreign]
            packed = {each: archive.unopened(f"/{each.name}") for each in whole}
            found.refused = [f"{path.name}/{each.name}: {reason}" for each, reason in packed.items() if reason]
            tables = {each: _label(TableLocation(path, each), known) for each in whole if not packed[each]}
            _choose(found, tables, (wish, own), OpenedArchive(zipped, known))
    except Rejected as error:
        found.refused.append(str(error))
    return found


def _choose(found: Manifest, tables: dict[Member, Label], labels: tuple[Label, Label], source: OpenedArchive) -> None:
    """What was asked for of what an archive holds."""
    name, wish = found.path.name, labels[0]
    mine = {each: said for each, said in tables.items() if contradiction(said, wish) is None}
    _sort(found, mine, labels, source)
    others = [said for each, said in tables.items() if each not in mine]
    if others:
        named = few({f"{said.symbol or said.pair} {said.timeframe}" for said in others})
        found.left.append(f"{name}: {len(others)} files of other series left out: {named}")
    if not mine:
        found.refused.append(f"{name}: holds {'nothing that was asked for' if others else 'no table of candles'}")


def _sort(found: Manifest, tables: dict[Member, Label], labels: tuple[Label, Label], source: OpenedArchive) -> None:
    """Members into loads; what is wrong with the others. Raises ConfigError where nobody tells what any of them is."""
    wish, own = labels
    loads: dict[Load, list[Member]] = {}
    nameless: list[ConfigError] = []
    some = any(said.pair for said in tables.values())
    for member, said in sorted(tables.items(), key=lambda each: each[0].name):
        where = f"{found.path.name}/{member.name}"
        try:
            _require_agreement(where, said, own, some=some)
            load = _load(TableLocation(found.path, member, source.archive), (wish, said, own), source.known)
            loads.setdefault(load, []).append(member)
        except Rejected as error:
            found.refused.append(str(error))
        except ConfigError as error:
            nameless.append(error)
    if nameless and not loads:
        raise nameless[0]
    found.refused += map(str, nameless)
    found.loads = [replace(load, members=tuple(members)) for load, members in loads.items()]


def _load(location: TableLocation, labels: Sequence[Label], known: Known) -> Load:
    """A file by all that is said of it, the first word counting. Raises ConfigError where something is not told."""
    where = f"{location.path}/{location.member.name}" if location.member else str(location.path)
    said = {name: next(filter(None, (getattr(each, name) for each in labels)), None) for name in PARSERS}
    guessed = (each.guessed_exchange for each in labels)
    guessed_exchange = None if said["exchange"] else named_by_folder(location) or next(filter(None, guessed), None)
    said["exchange"] = said["exchange"] or guessed_exchange
    columns = frozenset() if all(said.values()) else _columns(location)
    for name, parse in PARSERS.items():
        value = said[name]
        if value is None and name not in columns:
            raise ConfigError(f"{where}: {_untold(name, labels)}: give --{name}")
        try:
            said[name] = value and parse(value)
        except ValueError as error:
            raise ConfigError(f"{where}: {name} {value!r} {error}") from error
    chosen = frozenset(name for name in PARSERS if getattr(labels[0], name) is not None)
    exchange, symbol, timeframe = said.values()
    return Load(
        location.path, exchange, symbol, timeframe, chosen, guessed_exchange is not None, known=known.at(exchange)
    )


def _label(location: TableLocation, known: Known) -> Label:
    """What a name tells; its pair is read as one of the exchange that its folder is called after."""
    return label(location.member.name if location.member else location.path.name, known.at(named_by_folder(location)))


def named_by_folder(location: TableLocation) -> str | None:
    """The exchange that a file's folder is called after, as freqtrade's are: `data/binance/BTC_USDT-1h.feather`."""
    inside = PurePosixPath(location.member.name).parts[:-1] if location.member else ()
    names = [each for each in (*location.path.absolute().parts[:-1], *inside) if each not in {"spot", "futures"}]
    return names[-1] if names and names[-1] in exchanges.names() else None


def _untold(name: str, labels: Sequence[Label]) -> str:
    """Why a name does not tell something."""
    may_be = next((each.may_be for each in labels if len(each.may_be) > 1), ())
    return (
        f"its name may mean {' or '.join(may_be)}"
        if name == "symbol" and may_be
        else f"its name does not tell the {name}"
    )


def _columns(location: TableLocation) -> frozenset[str]:
    """What its columns tell of its series."""
    try:
        return reading.columns(*location).labelled
    except (Rejected, OSError):
        return frozenset()


def _require_agreement(where: str, said: Label, own: Label, *, some: bool) -> None:
    """Raise Rejected for a member that is not what its archive is said to be. `some`: others tell their series."""
    _require_spot(where)
    if (clash := contradiction(said, own)) is not None:
        raise Rejected(f"{where}: its name says {clash[0]}, the archive's says {clash[1]}")
    if some and not said.pair:
        raise Rejected(f"{where}: its name does not tell its series, as others in there do")


def _require_spot(where: str) -> None:
    """Raise Rejected where a name says futures."""
    if not spot(where):
        raise Rejected(f"{where}: its name says that these are no prices of a spot market")


def _left_out(path: Path, foreign: Sequence[Member]) -> list[str]:
    """What is left out of an archive, for each reason one sentence."""
    by_reason: dict[str, list[str]] = {}
    for each in foreign:
        by_reason.setdefault(each.foreign or "", []).append(each.name)
    return [f"{path.name}: left out: {few(names)}: {reason}" for reason, names in by_reason.items()]
