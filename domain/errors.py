"""The error tree. Each branch answers the question "what do I do now?".

::

    FleetError
    ├── ConfigError        fix the file or the command, then start again (exit status 2)
    ├── Unavailable        wait, then try again
    │   ├── RateLimited    wait as long as the exchange says
    │   └── Unanswered     see whether the exchange answers about other series, then ask about this one again
    ├── OutcomeUnknown     reconcile; never send again
    ├── Rejected           record it; the request will never succeed as it stands
    │   └── NotListed      the exchange has no such market, timeframe or range
    ├── Forbidden          stop; tell a person (country, key, permission, file system)
    │   └── DatabaseLost   end; a person puts the file back
    ├── StaleData          do not trade on this
    └── LeaseLost          somebody else acts now

A message says what, where, and what to do about it. Foreign errors are translated once, at the door of the room
that owns their library, with ``from`` the original.
"""


class FleetError(Exception):
    """Something the fleet knows how to name."""


class ConfigError(FleetError):
    """The configuration or the command line is wrong: fix it; nothing was started."""


class Unavailable(FleetError):
    """Not now: wait and try again."""


class RateLimited(Unavailable):
    """The exchange asks for a pause; `retry_after_ms` is how long, None where it does not say."""

    def __init__(self, message: str, retry_after_ms: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_ms = retry_after_ms


class Unanswered(Unavailable):
    """The exchange did not answer about one series: it may be out of reach, or be unable to serve just this one."""


class OutcomeUnknown(FleetError):
    """The request may have been carried out: look it up, never send it again."""


class Rejected(FleetError):
    """Refused for good: record it and go on."""


class NotListed(Rejected):
    """The exchange does not offer this market, timeframe or range."""


class Forbidden(FleetError):
    """Not allowed here: stop and tell a person."""


class DatabaseLost(Forbidden):
    """The database's file was deleted, replaced, cut short or damaged: end, write nothing; a person puts it back."""


class StaleData(FleetError):
    """The data is too old, has holes or cannot be read: do not trade on it."""


class LeaseLost(FleetError):
    """Another process acts for this strategy now."""
