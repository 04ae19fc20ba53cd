"""Replay: the trader's own turn over stored candles, with the clock at each close."""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

import structlog

from config.settings import Settings
from db import candles, meta
from db.connection import Database, connect
from domain.candles import Series
from domain.errors import ConfigError, Unavailable
from domain.kinds import Kind
from domain.market import Market
from runtime import clock, heartbeat
from runtime.stop import Stop
from trader import roster
from trader.acting import Bell, take_turn
from trader.desk import Desk

log = structlog.get_logger()
FINEST = Decimal("1e-8")  # base currency, and quote currency for prices
COMMON_FEE = Decimal("0.001")  # where neither exchange nor configuration names one
TELL_EVERY = 1_000  # turns between two lines of progress
RENEW_EVERY = 2_000  # real milliseconds between two renewals of the leases


def run(
    settings: Settings, kinds: Mapping[str, Kind], strategy_ids: Sequence[str], span: tuple[int, int], stop: Stop
) -> int:
    """Walk the strategies with these ids (none: all) over the candles that open within `span` (Unix seconds).

    Returns the exit status. Raises ConfigError where a strategy has decided a candle of the span already, and
    Unavailable where another trader holds it.
    """
    with connect(settings.database, any_filesystem=settings.any_filesystem) as db:
        meta.check_environment(db, settings.environment)
        roster.register(db, settings, clock.now_ms())
        chosen = roster.wanted(settings, strategy_ids)
        holder = heartbeat.worker("replay").worker_id
        built = roster.built(chosen, kinds)
        desk = Desk(
            db=db, settings=settings, wanted=chosen, strategies=built, holder=holder, fallback=imagined(settings)
        )
        try:
            _take(desk, span[0])
            _walk(desk, span, stop)
        finally:
            desk.release()
    return 0


def _take(desk: Desk, first: int) -> None:
    """Claim every strategy, and refuse to decide anything again."""
    missing = set(desk.wanted) - desk.claim()
    if missing:
        raise Unavailable(f"held by another trader or disabled: {', '.join(sorted(missing))}; see `fleet status`")
    decided = {strategy_id: seat.decided for strategy_id, seat in desk.seats.items() if seat.decided is not None}
    ahead = sorted(strategy_id for strategy_id, timestamp in decided.items() if timestamp >= first)
    if ahead:
        raise ConfigError(
            f"already decided on candles from {first} on: {', '.join(ahead)}. No candle is decided again: "
            "start later with --from, or replay into a database of its own (--database FILE, then `fleet import`)"
        )


def _walk(desk: Desk, span: tuple[int, int], stop: Stop) -> None:
    """A turn at every close, in the order of time."""
    made, renewed = 0, clock.steady_ms()
    for turns, (closed, series, timestamp) in enumerate(closes(desk.db, desk.series(), span), 1):
        if stop.stopped:
            break
        turns_made = take_turn(desk, Bell(series=series, now_ms=closed * 1000, upto=timestamp))
        made += sum(len(turn.steps) for turn in turns_made)
        if clock.steady_ms() - renewed > RENEW_EVERY:
            desk.renew()
            renewed = clock.steady_ms()
        if turns % TELL_EVERY == 0:
            log.info("replay", series=str(series), timestamp=timestamp, decisions=made)
    log.info("replayed", decisions=made, strategies=len(desk.wanted))


def closes(db: Database, series: set[Series], span: tuple[int, int]) -> Iterator[tuple[int, Series, int]]:
    """When a bar of any of the series closed, its series and its open, in the order of time."""
    streams = [
        [(timestamp + each.seconds, each, timestamp) for timestamp in candles.timestamps(db, each, *span)]
        for each in sorted(series)
    ]
    return heapq.merge(*streams)


def imagined(settings: Settings) -> Callable[[Series], Market]:
    """For markets that no exchange has described yet: the finest steps, and the costs of the configuration."""

    def market(series: Series) -> Market:
        costs = settings.exchanges[series.exchange]
        base, _, quote = series.symbol.partition("/")
        return Market(
            exchange=series.exchange,
            symbol=series.symbol,
            market_id=series.symbol,
            base=base,
            quote=quote,
            amount_step=FINEST,
            price_tick=FINEST,
            min_amount=FINEST,
            min_cost=costs.min_cost,
            maker=COMMON_FEE if costs.maker is None else costs.maker,
            taker=COMMON_FEE if costs.taker is None else costs.taker,
        )

    return market
