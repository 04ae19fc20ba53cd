"""The control plane: ``{base}/__control/…`` steers a running simulation. It is for tests and dry runs on one machine.

- ``GET faults``: those that were told, and the table of all; ``POST faults`` with a JSON object (or a list of them)
  adds; ``DELETE faults`` or ``faults/ID`` ends.
- ``GET requests``: per exchange the totals, the most requests in any one second, and a line per path, symbol and
  timeframe; ``DELETE requests`` starts counting anew.
- ``GET clock``; ``POST clock`` with ``{"now": ms}`` jumps, ``{"speed": x}`` goes on at another speed,
  ``{"freeze": true}`` stands still.
"""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from exchange.simulated.clock import SimulatedClock
from exchange.simulated.faults import TABLE, Faults, fault
from exchange.simulated.traffic import Traffic

ROOT = "/__control"


class Control:
    """The handlers of the control plane."""

    def __init__(self, faults: Faults, clock: SimulatedClock, traffic: Mapping[str, Traffic]) -> None:
        self._faults = faults
        self._clock = clock
        self._traffic = traffic

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [
            web.get(f"{ROOT}/faults", self._list_faults),
            web.post(f"{ROOT}/faults", self._add_faults),
            web.delete(f"{ROOT}/faults", self._clear_faults),
            web.delete(ROOT + r"/faults/{number:\d+}", self._clear_faults),
            web.get(f"{ROOT}/requests", self._list_requests),
            web.delete(f"{ROOT}/requests", self._clear_requests),
            web.get(f"{ROOT}/clock", self._show_clock),
            web.post(f"{ROOT}/clock", self._set_clock),
        ]

    async def _list_faults(self, _request: web.Request) -> web.Response:
        return web.json_response({"faults": self._faults.report(), "table": dict(TABLE)})

    async def _add_faults(self, request: web.Request) -> web.Response:
        given = await _json(request)
        try:
            made = [fault(each) for each in (given if isinstance(given, list) else [given])]
        except (TypeError, ValueError) as exc:
            raise web.HTTPBadRequest(text=str(exc)) from exc
        return web.json_response({"faults": [self._faults.add(each).report() for each in made]})

    async def _clear_faults(self, request: web.Request) -> web.Response:
        number = request.match_info.get("number")
        return web.json_response({"ended": self._faults.clear(None if number is None else int(number))})

    async def _list_requests(self, _request: web.Request) -> web.Response:
        return web.json_response({name: traffic.report() for name, traffic in self._traffic.items()})

    async def _clear_requests(self, _request: web.Request) -> web.Response:
        for traffic in self._traffic.values():
            traffic.clear()
        return web.json_response({})

    async def _show_clock(self, _request: web.Request) -> web.Response:
        return web.json_response({**self._clock.triple(), "now": self._clock.now_ms()})

    async def _set_clock(self, request: web.Request) -> web.Response:
        given = await _json(request)
        if not isinstance(given, dict) or not given or not set(given) <= {"now", "speed", "freeze"}:
            raise web.HTTPBadRequest(text="clock: send an object with now (ms), speed, or freeze")
        try:
            if "now" in given:
                self._clock.jump(int(given["now"]))
            if "speed" in given or given.get("freeze"):
                self._clock.run(0.0 if given.get("freeze") else float(given["speed"]))
        except (TypeError, ValueError) as exc:
            raise web.HTTPBadRequest(text=f"clock: {exc}") from exc
        return await self._show_clock(request)


async def _json(request: web.Request) -> Any:
    try:
        return await request.json()
    except json.JSONDecodeError as exc:
        raise web.HTTPBadRequest(text=f"not JSON: {exc}") from exc
