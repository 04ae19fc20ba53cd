"""Loading the configuration: every mistake is told at once, or frozen settings come out."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from config import environment, files
from config.complaints import Complaint, ConfigurationInvalid
from config.files import FLEET, Files
from config.fleet_file import FleetFile, exchange_defaults, fleet_file
from config.reader import Reader
from config.settings import SeriesSettings, Settings, StrategySettings
from config.source import Source, parse
from config.strategies_file import Known, strategies
from domain.candles import Series
from domain.errors import ConfigError
from domain.kinds import Kind
from domain.paths import file_named

MARGIN = 100  # candles kept beyond the longest warm-up, so that a gap of some bars does not stop a strategy
Kinds = Callable[[Iterable[Path]], Mapping[str, Kind]]


@dataclass
class Reading:
    """What files say: `complaints` by the name of the file, `twins` by the place of a strategy whose id is another's.

    `strategies` by file: also those of files with complaints, as far as they are well formed. `warnings` are of
    fleet.yaml and of files that are not read; they stop nobody.
    """

    files: Files
    fleet: FleetFile
    complaints: dict[str, list[Complaint]]
    warnings: list[Complaint] = field(default_factory=list)
    strategies: dict[str, list[StrategySettings]] = field(default_factory=dict)
    twins: dict[str, Complaint] = field(default_factory=dict)

    @property
    def mistakes(self) -> list[Complaint]:
        """All complaints, fleet.yaml's first."""
        return [each for one in self.complaints.values() for each in one] + list(self.twins.values())


def load(
    directory: Path, kinds: Kinds, *, database: Path | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """The settings of `directory`/fleet.yaml and `directory`/strategies/*.yaml.

    `kinds` tells the kinds of strategies, given the folders of the users' own. `database` replaces the configured
    file, `environ` the process's environment. Raises ConfigurationInvalid with every complaint, ConfigError where
    there is no such folder.
    """
    there = files.read(directory)
    if there.absent:
        raise ConfigError(_no_fleet(directory))
    found = reading(there, kinds, environ)
    if found.mistakes:
        raise ConfigurationInvalid(found.mistakes)
    return settled(found, [each for one in found.strategies.values() for each in one], database)


def reading(
    found: Files,
    kinds: Kinds,
    environ: Mapping[str, str] | None = None,
    owners: Mapping[str, str] = MappingProxyType({}),
) -> Reading:
    """What the files say, and every mistake in them. `owners`: the names of the files that ids are known to be from."""
    complaints = {name: [trouble] for name, trouble in found.troubles.items()}
    source, own = _fleet_source(found, environ), complaints.pop(FLEET, [])
    reader = Reader(source, source.value, own)
    fleet = fleet_file(reader)
    fleet = replace(fleet, plugins=tuple(found.directory / each for each in fleet.plugins))  # wherever it is mounted
    own[:0] = source.complaints
    read = Reading(found, fleet, ({FLEET: own} if own else {}) | complaints, [*reader.warnings, *found.strays])
    lost = [each for each in fleet.plugins if not os.path.isdir(each)]  # noqa: PTH112  Path's raises
    for folder in lost:
        why = _no_folder(folder, found.directory)
        read.complaints[str(folder)] = [Complaint(*source.place(("plugins",)), "plugins", None, why)]
    try:
        known = Known(kinds(fleet.plugins), fleet.exchanges, whole=not lost)
    except ConfigError as error:  # of a user's file: what else is wrong is told beside it
        place = source.place(("plugins",))
        read.complaints["plugins"] = [Complaint(*place, "plugins", None, each) for each in str(error).splitlines()]
        known = Known(kinds(()), fleet.exchanges, whole=False)
    for name in found.texts.keys() - {FLEET}:
        read.strategies[name] = _strategies(read, name, known)
    read.strategies = dict(sorted(read.strategies.items()))
    read.twins = _twins(read, owners)
    return read


def _no_folder(folder: Path, directory: Path) -> str:
    """Why a folder of plugins cannot be used; one that lies where the fleet was started is meant, perhaps."""
    if os.path.lexists(folder):
        return f"{folder} is no folder"
    short = os.path.relpath(folder, directory)
    beside = f": {short} is looked for beside {FLEET}, move it there" if os.path.isdir(short) else ""  # noqa: PTH112
    return f"folder {folder} does not exist{beside}"


def _strategies(read: Reading, name: str, known: Known) -> list[StrategySettings]:
    """The strategies of one file; its mistakes are noted."""
    source = parse(read.files.path(name), read.files.texts[name])
    mistakes = list(source.complaints)
    inner = Reader(source, source.value, mistakes) if isinstance(source.value, dict) else None
    found = list(strategies(inner, known)) if inner else []
    if mistakes:
        read.complaints[name] = mistakes
    return found


def located(
    directory: Path, *, database: Path | None = None, environ: Mapping[str, str] | None = None
) -> tuple[Path, bool]:
    """The database of a configuration, and whether any file system will do for it, whatever else is wrong with it:
    who wants to look or to stop a fleet must not be held up by a mistake in a file.

    Where fleet.yaml is broken it is the one that its line `database:` names, if that can still be read, else the one
    last used with this folder. Raises ConfigurationInvalid where there is none: it is never guessed.
    """
    found = files.read(directory)
    source, inner = _fleet_source(found, environ), list[Complaint]()
    fleet = fleet_file(Reader(source, source.value, inner))
    unread = [trouble for name, trouble in found.troubles.items() if name in {FLEET, str(directory)}]
    mistakes = unread + [each for each in source.complaints + inner if each.key in {"YAML", "file", "database"}]
    text = files.legible(directory / FLEET)
    if database is None and mistakes:
        database = _said(files.line(text, "database"), directory)
        if database is None and found.absent:
            raise ConfigError(_no_fleet(directory))
        if database is None:
            which = Complaint(
                str(directory / FLEET), 0, "database", None, "is not to be read: name the file with --database"
            )
            raise ConfigurationInvalid([*mistakes, which])
    any_filesystem = fleet.any_filesystem or (bool(mistakes) and files.line(text, "any_filesystem") is True)
    return database or fleet.database, any_filesystem


def _no_fleet(directory: Path) -> str:
    """That there is no folder of a configuration, and where one may be."""
    if directory.is_absolute():
        return (
            f"there is no folder {directory}: name the one that holds {FLEET} with --config, or make one: `fleet init`"
        )
    return (
        f"no fleet in this folder (there is no {directory}/): go to the folder that holds {directory}/, or make one: "
        "`fleet init`"
    )


def _said(database: object, directory: Path) -> Path | None:
    """The database that the one line which can be read names; without one the last used, for an address none."""
    if not isinstance(database, str) or not database:
        return files.remembered(directory)
    try:
        return file_named(database)
    except ValueError:
        return None


def _fleet_source(found: Files, environ: Mapping[str, str] | None) -> Source:
    """fleet.yaml with the overrides of the environment; it may be absent."""
    source = parse(found.path(FLEET), found.texts.get(FLEET, ""))
    if not isinstance(source.value, dict):
        source.value = {}
    for trail, value, variable in environment.overrides(environ):
        source.override(trail, value, variable)
    return source


def _twins(read: Reading, owners: Mapping[str, str]) -> dict[str, Complaint]:
    """A complaint for every strategy whose id another one has already, by its place, naming both.

    The one that goes on is that of the file which `owners` names for the id, else of the one that was written first.
    """
    same: dict[str, list[tuple[str, StrategySettings]]] = {}
    for name, found in read.strategies.items():
        for each in found:
            same.setdefault(each.strategy_id, []).append((name, each))
    complaints = {}
    for one, group in same.items():
        ranked = sorted(group, key=lambda pair: (owners.get(one) != pair[0], *_written(read, pair[0])))
        for _, each in ranked[1:]:
            file, _, line = each.file.rpartition(":")
            reason = f"is the id of {ranked[0][1].file} already"
            complaints[each.file] = Complaint(file, int(line), "strategy_id", one, reason)
    return complaints


def _written(read: Reading, name: str) -> tuple[int, int]:
    """When a file was written, and when it came there (`cp -p` keeps the first); 0 where it is gone meanwhile."""
    try:
        stat = Path(read.files.path(name)).stat()
    except OSError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_ctime_ns


def settled(read: Reading, found: list[StrategySettings], database: Path | None) -> Settings:
    """All of it, with an entry for every exchange and every series that anything names."""
    fleet = read.fleet
    kept = _kept(fleet, found)
    names = {each.series.exchange for each in kept} | fleet.exchanges.keys()
    return Settings(
        directory=read.files.directory,
        texts=read.files.texts,
        database=database or fleet.database,
        environment=fleet.environment,
        exchanges={name: fleet.exchanges.get(name) or exchange_defaults(name) for name in sorted(names)},
        series=kept,
        strategies=tuple(sorted(found, key=lambda each: each.strategy_id)),
        retention=fleet.retention,
        supervision=fleet.supervision,
        plugins=fleet.plugins,
        any_filesystem=fleet.any_filesystem,
        warnings=tuple(read.warnings),
    )


def _kept(fleet: FleetFile, found: Iterable[StrategySettings]) -> tuple[SeriesSettings, ...]:
    """The series to keep: those of fleet.yaml, and those of the strategies as deep as their warm-up needs."""
    kept: dict[Series, SeriesSettings] = {}
    for each in fleet.series:
        kept[each.series] = each.deeper(kept.get(each.series, each))
    for strategy in found:
        if strategy.enabled:
            series, needed = strategy.series, strategy.terms.warmup + MARGIN
            settings = kept.get(series) or SeriesSettings(series=series, last=fleet.last)
            kept[series] = replace(settings, last=max(settings.last, needed), least=max(settings.least, needed))
    return tuple(kept[series] for series in sorted(kept))
