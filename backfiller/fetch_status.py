"""How far each exchange has come: for the heartbeat, and for the last words of a run that ends by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog

from domain.candles import Series
from runtime.output import warn

log = structlog.get_logger()


@dataclass(slots=True)
class FetchStatus:
    """How far an exchange has come: candles that were missing (`planned`) and that came, requests, the `trouble` with
    the exchange (None: it answers), and why series have `failed`. `actor`: who else acts for it, None where we do.
    """

    planned: int = 0
    stored: int = 0
    requests: int = 0
    revised: int = 0
    quarantined: int = 0
    trouble: str | None = None
    failed: dict[Series, str] = field(default_factory=dict)
    actor: str | None = None


def heartbeat_detail(statuses: Mapping[str, FetchStatus]) -> dict[str, object]:
    """What the heartbeat tells: what is wrong with the exchanges that we act for, and who acts for the others."""
    return {
        "exchanges": {name: status.trouble for name, status in statuses.items() if status.actor is None},
        "stands_by": {name: status.actor for name, status in statuses.items() if status.actor is not None},
        "candles": sum(status.stored for status in statuses.values()),
        "requests": sum(status.requests for status in statuses.values()),
    }


def exit_status(statuses: Mapping[str, FetchStatus]) -> int:
    """Say what was fetched and what could not be; 1 where something could not."""
    done = sum(status.stored for status in statuses.values())
    log.info("backfilled", candles=done, requests=sum(status.requests for status in statuses.values()))
    failed = {series: reason for status in statuses.values() for series, reason in status.failed.items()}
    broken = {name: status.trouble for name, status in statuses.items() if status.trouble is not None}
    for series, reason in failed.items():
        warn(f"{series}: {reason}")
    for name, reason in broken.items():
        warn(f"{name}: {reason}")
    return 1 if failed or broken else 0
