"""One exchange of the simulation: it counts a request, lets the faults have their way, and answers."""

import asyncio
from collections.abc import Iterable
from email.utils import formatdate

from aiohttp import web

from exchange.simulated import delivery
from exchange.simulated.clock import SimulatedClock
from exchange.simulated.dialect import Dialect, Query
from exchange.simulated.disturbances import Disturbance
from exchange.simulated.fault_plan import FaultPlan, fault_plan
from exchange.simulated.faults import Faults
from exchange.simulated.traffic import Traffic
from exchange.simulated.venue import SimulatedMarket, Venue

QUIET = Disturbance()


class SimulatedExchange:
    """One exchange: its dialect, its markets by every name it accepts for them, and its traffic."""

    def __init__(
        self, dialect: Dialect, markets: Iterable[SimulatedMarket], clock: SimulatedClock, traffic: Traffic
    ) -> None:
        self.dialect = dialect
        self.markets = {name: market for market in markets for name in dialect.names(market.listing)}
        self.traffic = traffic
        self._clock = clock

    async def respond(self, request: web.Request, faults: Faults) -> web.StreamResponse:
        """The answer to one request."""
        path, query = request.match_info["path"], dict(request.query)
        call = self.dialect.call(path, query, self.markets)
        if not self.traffic.count(call):
            return delivery.refused(self.dialect, 429, self.traffic.retry_after)
        planned = fault_plan(faults, self.dialect.name, call)
        disturbance = planned.disturbance or QUIET
        if disturbance.delay:
            await asyncio.sleep(disturbance.delay)
        answer = delivery.disturbed(self.dialect, disturbance)
        if answer is None:
            answer = self._answer(path, query, planned)
        return answer if disturbance.cut is None else await delivery.cut(request, answer, disturbance.cut)

    def _answer(self, path: str, query: Query, planned: FaultPlan) -> web.Response:
        venue = Venue(
            markets=self._listed(planned),
            now_ms=self._clock.now_ms() + planned.skew_ms,
            omits_empty=self.dialect.omits_empty,
            halted=planned.halted,
            odd=planned.odd,
            change=planned.change,
            mangle=planned.mangle,
        )
        answer = self.dialect.answer(path, query, venue)
        planned.count_hits()
        headers = {"Date": formatdate(venue.now, usegmt=True)}  # its own clock: nothing else shows the simulated time
        return delivery.written(answer, headers | dict(self.dialect.headers(path, self.traffic.in_this_minute)))

    def _listed(self, planned: FaultPlan) -> dict[str, SimulatedMarket]:
        """The markets that are there now, by every name that is accepted for them."""
        found = {}
        for name, market in self.markets.items():
            listing = planned.listing(market.listing)
            if listing is market.listing:
                found[name] = market
            elif listing is not None:
                found |= dict.fromkeys(self.dialect.names(listing), SimulatedMarket(listing, market.source))
        return found
