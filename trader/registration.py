"""Who trades: the strategies of the configuration that a process was asked for, built and registered."""

from collections.abc import Mapping, Sequence

import structlog

from config.settings import Settings, StrategySettings
from db.database import Database
from db.trading.registration import register as write
from domain.errors import ConfigError
from domain.kinds import Kind
from runtime.agreement import registrations
from strategies import kinds as catalogue
from strategies.base import Strategy
from trader.exits_only import ExitsOnly

log = structlog.get_logger()


def register(db: Database, settings: Settings, now_ms: int) -> None:
    """Tell the database what every configured strategy is. Raises ConfigError with the complaints of those that do not
    fit what it knows of them; the others are registered all the same.
    """
    troubles = write(db, registrations(settings), now_ms)
    if troubles:
        raise ConfigError("\n".join(troubles.values()))


def wanted(settings: Settings, strategy_ids: Sequence[str], *, strict: bool = True) -> dict[str, StrategySettings]:
    """The enabled strategies with these ids, all of them for none; those that cannot be read are left out.

    Raises ConfigError for an id that is not there, unless `strict` is false.
    """
    enabled = {each.strategy_id: each for each in settings.strategies if each.enabled}
    unknown = [each for each in strategy_ids if each not in enabled and each not in settings.unread]
    if unknown and strict:
        known = ", ".join(sorted(enabled)) or "none"
        raise ConfigError(f"no enabled strategy {', '.join(unknown)} in {settings.directory}; there are: {known}")
    return {each: enabled[each] for each in (strategy_ids or enabled) if each in enabled}


def built(chosen: Mapping[str, StrategySettings], kinds: Mapping[str, Kind]) -> dict[str, Strategy]:
    """The strategies themselves, by id. One that cannot be built keeps the exits that need no code of its own."""
    return {each: _built(settings, kinds) for each, settings in chosen.items()}


def _built(settings: StrategySettings, kinds: Mapping[str, Kind]) -> Strategy:
    try:
        return catalogue.build(settings.kind, settings.params, kinds)
    except Exception as error:  # a kind that is gone, or whatever a user's own raises: it costs this strategy only
        log.exception("strategy_not_built", strategy_id=settings.strategy_id, kind=settings.kind)
        return ExitsOnly(f"{settings.kind} cannot be built: {type(error).__name__}: {error}")
