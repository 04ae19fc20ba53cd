"""Loading the configuration: every mistake is told at once, or frozen settings come out."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from config import environment
from config.complaints import Complaint, ConfigurationInvalid
from config.fleet_file import FleetFile, exchange_defaults, fleet_file
from config.reader import Reader
from config.settings import SeriesSettings, Settings, StrategySettings
from config.source import Source, read
from config.strategies_file import Known, strategies
from domain.candles import Series
from domain.kinds import Kind

MARGIN = 100  # candles kept beyond the longest warm-up, so that a gap of some bars does not stop a strategy
LINE = re.compile(r"""^(database|any_filesystem):[ \t]+["']?([^"'#\s]+)["']?[ \t]*(?:#.*)?$""", re.MULTILINE)
Kinds = Callable[[Iterable[Path]], Mapping[str, Kind]]


def load(
    directory: Path, kinds: Kinds, *, database: Path | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """The settings of `directory`/fleet.yaml and `directory`/strategies/*.yaml.

    `kinds` tells the kinds of strategies, given the folders of the users' own. `database` replaces the configured
    file, `environ` the process's environment. Raises ConfigurationInvalid with every complaint.
    """
    complaints: list[Complaint] = []
    source = _fleet_source(directory, environ)
    complaints += source.complaints
    fleet = fleet_file(Reader(source, source.value if isinstance(source.value, dict) else {}, complaints))
    known = Known(kinds(fleet.plugins), fleet.exchanges)
    found: list[StrategySettings] = []
    for file in _listed(directory / "strategies", complaints):
        each = read(file)
        complaints += each.complaints
        if isinstance(each.value, dict):
            found += strategies(Reader(each, each.value, complaints), known)
    complaints += _twins(found)
    if complaints:
        raise ConfigurationInvalid(complaints)
    return _settings(directory, fleet, found, database)


def located(
    directory: Path, *, database: Path | None = None, environ: Mapping[str, str] | None = None
) -> tuple[Path, bool]:
    """The database of a configuration, and whether any file system will do for it, whatever else is wrong with it:
    who wants to look or to stop a fleet must not be held up by a mistake in a file.

    Of a fleet.yaml that is no YAML only the lines of these two keys are read. Raises ConfigurationInvalid where they
    do not say it and `database` does not either: the default would be a guess.
    """
    source = _fleet_source(directory, environ)
    values = source.value if isinstance(source.value, dict) else _lines(directory / "fleet.yaml")
    complaints = [*source.complaints]
    fleet = fleet_file(Reader(source, values, complaints))
    lost = values is not source.value and "database" not in values
    if database is None and (lost or any(each.key == "database" for each in complaints)):
        which = Complaint(source.file, 0, "database", None, "is not to be read: name the file with --database")
        raise ConfigurationInvalid([*complaints, which])
    return database or fleet.database, fleet.any_filesystem


def _lines(file: Path) -> dict[str, str | bool]:
    """What the lines `database:` and `any_filesystem:` say in a file that is no YAML; a key that stands twice says
    nothing.
    """
    try:
        found = LINE.findall(file.read_text("utf-8", errors="replace"))
    except OSError:
        return {}
    once = {key: value for key, value in found if [each for each, _ in found].count(key) == 1}
    return {key: value == "true" if key == "any_filesystem" else value for key, value in once.items()}


def _fleet_source(directory: Path, environ: Mapping[str, str] | None) -> Source:
    """fleet.yaml with the overrides of the environment; it may be absent, the folder may not."""
    file = directory / "fleet.yaml"
    try:
        present = file in list(directory.iterdir())
    except OSError as error:
        source = Source(str(directory))
        gone = isinstance(error, FileNotFoundError | NotADirectoryError)
        source.complaints.append(
            Complaint(str(directory), 0, "--config", None, "there is no such folder" if gone else _unreadable(error))
        )
        return source
    source = read(file) if present else Source(str(file), {})
    if isinstance(source.value, dict):
        for trail, value, variable in environment.overrides(environ):
            source.override(trail, value, variable)
    return source


def _listed(folder: Path, complaints: list[Complaint]) -> list[Path]:
    """The YAML files of a folder, none where it is absent. One that cannot be read is a mistake: taken for empty, every
    strategy in it would count as removed.
    """
    try:
        return sorted(file for file in folder.iterdir() if file.suffix in {".yaml", ".yml"})
    except FileNotFoundError:
        return []
    except OSError as error:
        complaints.append(Complaint(str(folder), 0, "folder", None, _unreadable(error)))
        return []


def _unreadable(error: OSError) -> str:
    """Why the files of a folder are not to be had."""
    return f"cannot be read: {error.strerror} (containers read it as uid 10001: `chmod -R a+rX`)"


def _twins(found: Iterable[StrategySettings]) -> list[Complaint]:
    """A complaint for every id that stands twice, naming both places."""
    first: dict[str, str] = {}
    complaints = []
    for each in found:
        if each.strategy_id in first:
            file, _, line = each.file.rpartition(":")
            reason = f"is the id of {first[each.strategy_id]} already"
            complaints.append(Complaint(file, int(line), "strategy_id", each.strategy_id, reason))
        first.setdefault(each.strategy_id, each.file)
    return complaints


def _settings(directory: Path, fleet: FleetFile, found: list[StrategySettings], database: Path | None) -> Settings:
    """All of it, with an entry for every exchange and every series that anything names."""
    kept = _kept(fleet, found)
    names = {each.series.exchange for each in kept} | fleet.exchanges.keys()
    return Settings(
        directory=directory,
        database=database or fleet.database,
        environment=fleet.environment,
        exchanges={name: fleet.exchanges.get(name) or exchange_defaults(name) for name in sorted(names)},
        series=kept,
        strategies=tuple(sorted(found, key=lambda each: each.strategy_id)),
        retention=fleet.retention,
        supervision=fleet.supervision,
        plugins=fleet.plugins,
        any_filesystem=fleet.any_filesystem,
    )


def _kept(fleet: FleetFile, found: Iterable[StrategySettings]) -> tuple[SeriesSettings, ...]:
    """The series to keep: those of fleet.yaml, and those of the strategies as deep as their warm-up needs."""
    kept: dict[Series, SeriesSettings] = {}
    for each in fleet.series:
        before = kept.get(each.series, each)
        kept[each.series] = replace(each, last=max(each.last, before.last), since=each.since or before.since)
    for strategy in found:
        if strategy.enabled:
            series = strategy.series
            settings = kept.get(series) or SeriesSettings(series=series, last=fleet.last)
            kept[series] = replace(settings, last=max(settings.last, strategy.terms.warmup + MARGIN))
    return tuple(kept[series] for series in sorted(kept))
