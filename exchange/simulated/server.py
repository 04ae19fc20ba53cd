"""The simulated exchange's HTTP server, and the object that starts and stops it.

``{base}/binance/api/v3/klines?…`` is what ``https://api.binance.com/api/v3/klines?…`` is to the real exchange; the
same holds for ``{base}/coinbase`` and ``{base}/kraken``. ``{base}/__control/…`` steers the simulation.
"""

import asyncio
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from exchange.simulated import binance, coinbase, kraken, replay
from exchange.simulated.clock import PacedClock, SimulatedClock, real_ms
from exchange.simulated.control import Control
from exchange.simulated.dialect import Dialect
from exchange.simulated.faults import Fault, Faults, parse
from exchange.simulated.listings import LISTINGS
from exchange.simulated.simulated_exchange import SimulatedExchange
from exchange.simulated.traffic import Traffic
from exchange.simulated.venue import SimulatedMarket
from exchange.simulated.walk import Walk

DIALECTS: Mapping[str, Dialect] = {module.DIALECT.name: module.DIALECT for module in (binance, coinbase, kraken)}
START_SECONDS = 30.0


@dataclass(frozen=True)
class SimulatorConfig:
    """How to simulate.

    `port` 0 takes a free one. `start`: candle time to begin at, Unix seconds; None is now, and for replayed files a
    minute after their newest candle has closed. `speed`: candle seconds per real second, 0 stands still. `seed` makes
    walks and faults repeatable. `replay`: candle files or folders of them; without any, prices walk. `faults` strike
    from the start, texts as on the command line. `rate_limit`: requests per second by exchange beyond which it answers
    429. `follow`: a file that says what the clock shows, instead of `start` and `speed`.
    """

    port: int = 0
    host: str = "127.0.0.1"
    start: int | None = None
    speed: float = 1.0
    seed: int = 1
    replay: tuple[Path, ...] = ()
    faults: tuple[Fault | str, ...] = ()
    rate_limit: Mapping[str, float] = field(default_factory=dict)
    follow: Path | None = None


class Simulator:
    """A running simulation in a thread of its own: ``with Simulator(config) as simulator: simulator.url``."""

    def __init__(self, config: SimulatorConfig) -> None:
        """Raises ValueError for replay files and faults that cannot be."""
        self.config = config
        self.url = ""
        self.faults = Faults(config.seed, [parse(each) if isinstance(each, str) else each for each in config.faults])
        markets = _markets(config)
        self.clock = _clock(config, markets)
        self.traffic = {name: Traffic(config.rate_limit.get(name)) for name in DIALECTS}
        self._exchanges = {
            name: SimulatedExchange(dialect, _of(name, markets), self.clock, self.traffic[name])
            for name, dialect in DIALECTS.items()
        }
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()

    def start(self) -> str:
        """Listen; returns the base URL. Raises OSError where the port is taken."""
        listening: Future[str] = Future()
        self._thread = threading.Thread(target=self._run, args=(listening,), name="simulator", daemon=True)
        self._thread.start()
        self.url = listening.result(START_SECONDS)
        return self.url

    def stop(self) -> None:
        """Drop every connection and stop listening."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._stopping.set)
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self, listening: Future[str]) -> None:
        try:
            asyncio.run(self._serve(listening))
        except OSError as exc:
            listening.set_exception(exc)

    async def _serve(self, listening: Future[str]) -> None:
        self._loop = asyncio.get_running_loop()
        application = web.Application()
        application.add_routes(Control(self.faults, self.clock, self.traffic).routes())
        application.router.add_get("/{exchange}{path:/.*}", self._respond)
        runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, self.config.host, self.config.port).start()
            listening.set_result(f"http://{self.config.host}:{runner.addresses[0][1]}")
            await self._stopping.wait()
        finally:
            await runner.cleanup()

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        found = self._exchanges.get(request.match_info["exchange"])
        if found is None:
            raise web.HTTPNotFound(text=f"simulated are {', '.join(self._exchanges)}")
        return await found.respond(request, self.faults)


def _markets(config: SimulatorConfig) -> list[SimulatedMarket]:
    if config.replay:
        return [
            SimulatedMarket(listing, source)
            for listing, source in replay.markets(replay.files(config.replay, DIALECTS))
        ]
    return [
        SimulatedMarket(listing, Walk(config.seed, listing, omits_empty=DIALECTS[listing.exchange].omits_empty))
        for listing in LISTINGS
    ]


def _of(exchange: str, markets: list[SimulatedMarket]) -> list[SimulatedMarket]:
    return [market for market in markets if market.listing.exchange == exchange]


def _clock(config: SimulatorConfig, markets: list[SimulatedMarket]) -> SimulatedClock:
    if config.follow is not None:
        return PacedClock(config.follow)
    now = real_ms()
    start = now if config.start is None else config.start * 1000
    if config.start is None and config.replay:
        start = max((market.source.end for market in markets), default=0) * 1000 + 60_000
    return SimulatedClock(start, now, config.speed)
