"""Strategies whose file is gone while they hold something: their settings, as their last run recorded them.

They trade on under them, exits only, until they are flat, whichever trader acts for them (TRADING.md section 8).
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import structlog

from config.settings import StrategySettings
from db import strategies as store
from db.connection import Database
from db.strategies import Leaving
from domain.kinds import Kind
from domain.strategy import Check, Distance, Exits, Stake, StakeKind, Terms

log = structlog.get_logger()


def leaving(db: Database, kinds: Mapping[str, Kind]) -> dict[str, StrategySettings]:
    """The strategies that still hold a position and that the configuration no longer has, by id.

    One whose kind is gone too cannot be asked for its exits: it is left out, `fleet status` goes on showing it.
    """
    return {each.strategy_id: _settings(each) for each in _known(store.leaving(db), kinds)}


def _known(found: list[Leaving], kinds: Mapping[str, Kind]) -> Iterator[Leaving]:
    for each in found:
        if each.kind in kinds:
            yield each
        else:
            log.error(
                "cannot_drain", strategy_id=each.strategy_id, reason=f"its kind {each.kind} is gone: bring it back"
            )


def _settings(each: Leaving) -> StrategySettings:
    stored = json.loads(each.configuration)
    return StrategySettings(
        strategy_id=each.strategy_id,
        series=each.series,
        mode=each.mode,
        kind=each.kind,
        params=stored["params"],
        terms=terms(stored["terms"]),
        file="its last run",
    )


def terms(stored: Mapping[str, Any]) -> Terms:
    """The terms that `roster.registration` has written as JSON."""
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
    )


def _distance(stored: Mapping[str, Any] | None) -> Distance | None:
    return None if stored is None else Distance(Decimal(stored["value"]), stored["atr"])
