"""Back-off: how long to wait before the next attempt."""

import random


class Backoff:
    """Exponential back-off with full jitter (Brooker, "Exponential Backoff And Jitter", AWS 2015).

    The ceiling doubles from `first` to `limit` seconds; each wait is drawn between half of it and all of it, so that
    processes that failed together do not come back together.
    """

    def __init__(self, first: float, limit: float) -> None:
        self._first, self._limit, self._failures = first, limit, 0

    def next(self) -> float:
        """Seconds to wait after one more failure."""
        ceiling = min(self._limit, self._first * 2.0**self._failures)
        self._failures = min(self._failures + 1, 32)
        return ceiling * random.uniform(0.5, 1.0)  # noqa: S311  jitter, no secret

    def reset(self) -> None:
        """It worked: start again from `first`."""
        self._failures = 0
