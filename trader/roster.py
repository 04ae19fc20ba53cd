"""Who trades: the strategies of the configuration that a process was asked for, built and registered."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from config.settings import Settings, StrategySettings
from db import strategies as store
from db.connection import Database
from db.strategies import Registration
from domain.errors import ConfigError
from domain.kinds import Kind
from strategies import kinds as catalogue
from strategies.base import Strategy


def register(db: Database, settings: Settings, now_ms: int) -> None:
    """Tell the database what every configured strategy is. Raises ConfigError where an id has changed its identity."""
    store.register(db, [registration(each) for each in settings.strategies if each.enabled], now_ms)


def registration(settings: StrategySettings) -> Registration:
    """A strategy as the database keeps it; `configuration` is all that opens a new run when it changes."""
    configuration = {"kind": settings.kind, "params": dict(settings.params), "terms": asdict(settings.terms)}
    return Registration(
        strategy_id=settings.strategy_id,
        series=settings.series,
        mode=settings.mode,
        kind=settings.kind,
        quote=settings.series.symbol.partition("/")[2],
        capital=settings.terms.capital,
        configuration=json.dumps(configuration, sort_keys=True, default=str),
    )


def wanted(settings: Settings, strategy_ids: Sequence[str]) -> dict[str, StrategySettings]:
    """The enabled strategies with these ids, all of them for none. Raises ConfigError for an id that is not there."""
    enabled = {each.strategy_id: each for each in settings.strategies if each.enabled}
    unknown = [strategy_id for strategy_id in strategy_ids if strategy_id not in enabled]
    if unknown:
        known = ", ".join(sorted(enabled)) or "none"
        raise ConfigError(f"no enabled strategy {', '.join(unknown)} in {settings.directory}; there are: {known}")
    return {strategy_id: enabled[strategy_id] for strategy_id in (strategy_ids or enabled)}


def built(chosen: Mapping[str, StrategySettings], kinds: Mapping[str, Kind]) -> dict[str, Strategy]:
    """The strategies themselves, by id."""
    return {each: catalogue.build(settings.kind, settings.params, kinds) for each, settings in chosen.items()}
