"""Redirects: followed within the same scheme, host and port only. A header with a key would go along to anywhere."""

from typing import Any
from urllib.parse import urljoin, urlsplit

from domain.errors import Unavailable

HOPS = 3
PORTS = {"http": 80, "https": 443}


def follow_own_only(session: Any, name: str) -> None:
    """Have a session of `requests` raise Unavailable where the exchange `name` sends it elsewhere."""
    target = session.get_redirect_target

    def followed(response: Any) -> str | None:
        """Where a response leads to, None where nowhere."""
        found: str | None = target(response)
        if found is None:
            return None
        here, there = _origin(response.url), _origin(urljoin(response.url, found))
        if here != there:
            response.close()
            raise Unavailable(f"{name}: {here} redirects to {there}: not followed; set its base_url if it has moved")
        return found

    session.get_redirect_target, session.max_redirects = followed, HOPS


def _origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    try:
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        port = -1
    return f"{parts.scheme}://{parts.hostname}:{port}"
