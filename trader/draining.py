"""Strategies whose file is gone or broken while they hold something: their settings, as their last run recorded them.

They trade on under them, exits only, until they are flat, whichever trader acts for them (TRADING.md section 8).
"""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from config.settings import StrategySettings
from db.database import Database
from db.trading import strategies as store
from db.trading.strategies import LastRun
from domain.money import ZERO
from domain.strategy import Check, Distance, Exits, Stake, StakeKind, Terms


def removed(db: Database) -> dict[str, StrategySettings]:
    """The strategies that still hold a position and that the configuration no longer has, by id."""
    return {each.strategy_id: _settings(each) for each in store.draining(db)}


def unread(db: Database, strategy_ids: Iterable[str]) -> dict[str, StrategySettings]:
    """Those of these strategies that are enabled or hold a position, whatever their files say today."""
    return {each.strategy_id: _settings(each) for each in store.last_runs(db, sorted(strategy_ids))}


def holding(db: Database, strategy_ids: Iterable[str]) -> dict[str, StrategySettings]:
    """Those of these strategies that hold a position, whatever their files say today."""
    return {each.strategy_id: _settings(each) for each in store.last_runs(db, sorted(strategy_ids)) if each.held}


def _settings(each: LastRun) -> StrategySettings:
    stored = json.loads(each.configuration)
    return StrategySettings(
        strategy_id=each.strategy_id,
        series=each.series,
        mode=each.mode,
        kind=each.kind,
        params=stored["params"],
        terms=terms(stored["terms"]),
        file="its last run",
        recorded=each.configuration,
    )


def terms(stored: Mapping[str, Any]) -> Terms:
    """The terms that `runtime.agreement` has written as JSON, also those of a release that knew fewer."""
    stake, exits = stored["stake"], stored["exits"]
    return Terms(
        capital=Decimal(stored["capital"]),
        stake=Stake(StakeKind(stake["kind"]), Decimal(stake["value"])),
        exits=Exits(
            stop=_distance(exits["stop"]),
            target=_distance(exits["target"]),
            trailing=_distance(exits["trailing"]),
            max_bars=exits["max_bars"],
            check=Check(exits["check"]),
        ),
        slippage_bps=Decimal(stored["slippage_bps"]),
        warmup=stored["warmup"],
        taker=_amount(stored.get("taker")),
        maker=_amount(stored.get("maker")),
        min_cost=_amount(stored.get("min_cost")) or ZERO,
    )


def _amount(stored: str | None) -> Decimal | None:
    return None if stored is None else Decimal(stored)


def _distance(stored: Mapping[str, Any] | None) -> Distance | None:
    return None if stored is None else Distance(Decimal(stored["value"]), stored["atr"])
