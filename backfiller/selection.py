"""Which series a backfiller keeps: the configured ones, those on which something is held, or those it was told."""

from collections.abc import Set

from config.settings import SeriesSettings, Settings
from db.database import Database
from db.trading import strategies
from domain.candles import Series
from domain.errors import ConfigError
from runtime import agreement
from runtime.reload import Configuration


def name(series: Series) -> str:
    """A series as it is typed on the command line, such as ``binance:BTC/USDT:1h``."""
    return f"{series.exchange}:{series.symbol}:{series.timeframe}"


def kept(settings: Settings, only: Set[str], db: Database) -> tuple[SeriesSettings, ...]:
    """The series to keep under a configuration. Raises ConfigError where there is none."""
    return chosen(settings.series, only) if only else chosen(with_drained(settings, db), set())


def kept_now(
    configuration: Configuration, only: Set[str], db: Database, before: tuple[SeriesSettings, ...]
) -> tuple[SeriesSettings, ...]:
    """The series to keep under the configuration that was just read; those of before where it has none at all, so that
    there is somebody to pick up the next one.
    """
    try:
        agreement.store_last_good(db, configuration.current[0])
        return kept(configuration.current[0], only, db)
    except ConfigError as error:
        configuration.refuse(str(error))
        return before


def with_drained(settings: Settings, db: Database) -> tuple[SeriesSettings, ...]:
    """The configured series, and those on which something is held, by a strategy that the files no longer have, or
    whose file cannot be read: exits need their candles.
    """
    held = strategies.held(db) - {each.series for each in settings.series}
    return (*settings.series, *(SeriesSettings(series=series) for series in sorted(held)))


def chosen(listed: tuple[SeriesSettings, ...], only: Set[str]) -> tuple[SeriesSettings, ...]:
    """The series that were asked for. Raises ConfigError for one that the configuration does not have."""
    by_name = {name(each.series): each for each in listed}
    unknown = only - by_name.keys()
    if unknown:
        raise ConfigError(
            f"no series {', '.join(sorted(unknown))} is configured; there are: {', '.join(sorted(by_name))}"
        )
    if not listed:
        raise ConfigError("no series is configured: name one in config/fleet.yaml or enable a strategy")
    return tuple(each for named, each in by_name.items() if not only or named in only)
