"""Sending an answer, or what a fault makes of it, through HTTP."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from exchange.simulated.dialect import Dialect, JsonAnswer
from exchange.simulated.disturbances import Cut, Disturbance
from exchange.simulated.venue import Refusal

PAGE = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr>cloudflare</body></html>"
COUNTRY = "Service unavailable from a restricted location according to 'b. Eligibility' in the terms of use."


def written(answer: JsonAnswer, headers: Mapping[str, str]) -> web.Response:
    """An answer as JSON. NaN is a text in it already, so what stands in it is JSON by the book."""
    text = json.dumps(answer.body, allow_nan=False)
    return web.Response(
        text=text, status=answer.status, content_type="application/json", headers={**answer.headers, **headers}
    )


def refused(dialect: Dialect, status: int, retry_after: float | None) -> web.Response:
    """A refusal of everybody: too many requests, or a country that is not served."""
    headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
    body: Any = dialect.refuse(Refusal("busy", "")).body if status != 451 else {"code": 0, "msg": COUNTRY}
    return written(JsonAnswer(body, status), headers)


def disturbed(dialect: Dialect, disturbance: Disturbance) -> web.Response | None:
    """The answer that a disturbance sends instead of the right one, None where it only touches it."""
    if disturbance.in_words:
        return written(dialect.refuse(Refusal("busy", "")), {})
    if disturbance.html:
        status = disturbance.status or 200
        title = "Just a moment..." if status == 200 else f"{status} Service Temporarily Unavailable"
        return web.Response(text=PAGE.format(title), status=status, content_type="text/html")
    if disturbance.status is not None:
        return refused(dialect, disturbance.status, disturbance.retry_after)
    return None


async def cut(request: web.Request, answer: web.Response, where: Cut) -> web.StreamResponse:
    """An answer that ends before its end."""
    body = answer.body if isinstance(answer.body, bytes) else b""
    half = body[: len(body) // 2]
    if where is Cut.SHORT:
        return web.Response(body=half, status=answer.status, content_type="application/json")
    made = web.StreamResponse(status=answer.status, headers={"Content-Type": "application/json"})
    if where is Cut.MIDDLE:
        made.content_length = len(body)
        await made.prepare(request)
        await made.write(half)
    if request.transport is not None:
        request.transport.close() if where is Cut.MIDDLE else request.transport.abort()
    return made
