"""The equity curve of a strategy or a run as running sums: drawdown and the returns between midnights (TRADING.md 7).

Profit is equity less capital, so that a deposit moves nothing. The newest point is kept apart until the next bar comes:
a sale beside the decision may still correct it, and the midnight that ends with the newest close does not count yet.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from domain.timeframes import DAY

NO_CODES: Mapping[str, int] = MappingProxyType({})


class Point(NamedTuple):
    """Profit and capital, quote currency, at the close of a bar (Unix seconds)."""

    closed: int
    profit: Decimal
    capital: Decimal

    @property
    def equity(self) -> Decimal:
        """What the strategy was worth."""
        return self.capital + self.profit


def fall(highest: Decimal, profit: Decimal, capital: Decimal) -> float:
    """``1 - equity / running maximum``, both at this capital; 0 where there was nothing to lose."""
    most = capital + highest
    return float((highest - profit) / most) if most > 0 else 0.0


class Returns(NamedTuple):
    """Daily returns: how many, their mean, the sum of squared deviations from it, and of the squares of the negative.

    The deviations are updated (Welford 1962, Chan, Golub, LeVeque 1979), so that equal returns give exactly 0.
    """

    days: int = 0
    mean: float = 0.0
    squares: float = 0.0
    down_squares: float = 0.0

    def joined(self, change: float, days: int = 1) -> "Returns":
        """With so many more days of the same return."""
        count, apart, down = self.days + days, change - self.mean, min(change, 0.0)
        return Returns(
            days=count,
            mean=self.mean + apart * days / count,
            squares=self.squares + apart * apart * self.days * days / count,
            down_squares=self.down_squares + down * down * days,
        )


class Day(NamedTuple):
    """The bars of a run that closed after one midnight and not after the next: `timestamp` is the first of both.

    `last` is the newest point, carried into the day where it has none of its own; `highest` and `lowest` are profits
    at its capital, of the day's points and of what was carried into it; `close` is the price of the newest bar. `codes`
    counts the decisions by their reason.
    """

    timestamp: int
    last: Point
    highest: Decimal
    lowest: Decimal
    close: float
    deepest_fall: float = 0.0
    decided: int = 0
    held: int = 0
    points: int = 0
    codes: Mapping[str, int] = NO_CODES

    def pointed(self, point: Point) -> "Day":
        """With one more point."""
        highest = max(self.highest, point.profit)
        return self._replace(
            last=point,
            highest=highest,
            lowest=min(self.lowest, point.profit),
            deepest_fall=max(self.deepest_fall, fall(highest, point.profit, point.capital)),
            points=self.points + 1,
        )

    def drawn(self, carried: Decimal, profits: Iterable[Decimal], capital: Decimal) -> "Day":
        """The same day with these points, at this capital, in place of those that it had; `carried` came into it."""
        day = self._replace(highest=carried, lowest=carried, points=0, deepest_fall=0.0)
        for profit in profits:
            day = day.pointed(Point(self.timestamp + 1, profit, capital))
        return day


def day_of(closed: int) -> int:
    """The midnight after which a bar closed; a close at midnight belongs to the day before."""
    return (closed - 1) // DAY * DAY


class Curve(NamedTuple):
    """From the open of the first bar (`started`, with the profit found there) to the close of the newest (`ended`).

    `highest` and `deepest_fall` are of what came before the newest `point`; `midnight_profit` is that of the last
    midnight that counts, None before the first. Times in Unix seconds, profits in quote currency.
    """

    started: int
    start_profit: Decimal
    ended: int
    highest: Decimal
    deepest_fall: float
    midnight_profit: Decimal | None
    returns: Returns
    point: Point

    @classmethod
    def begun(cls, started: int, profit: Decimal, capital: Decimal) -> "Curve":
        """The curve before its first bar has closed."""
        return cls(
            started=started,
            start_profit=profit,
            ended=started,
            highest=profit,
            deepest_fall=0.0,
            midnight_profit=None,
            returns=Returns(),
            point=Point(started, profit, capital),
        )

    def bar(self, closed: int, point: Point | None = None) -> "Curve":
        """After one more bar, with a point where the equity changed. The newest point so far counts from now on; where
        a bar has followed it already, it does.
        """
        before, newest = self._counted(closed), self.point
        if newest.closed < self.ended:
            return before._replace(ended=closed, point=point or newest)
        highest = max(self.highest, newest.profit)
        return before._replace(
            ended=closed,
            highest=highest,
            deepest_fall=max(self.deepest_fall, fall(highest, newest.profit, newest.capital)),
            point=point or newest,
        )

    def _counted(self, before: int) -> "Curve":
        """With the midnights from the newest close on and before this moment: nothing moved between them."""
        midnights, now = (before - 1) // DAY - (self.ended - 1) // DAY, self.point
        if midnights <= 0:
            return self
        returns, earlier = self.returns, self.midnight_profit
        if earlier is not None and now.capital + earlier > 0:
            returns = returns.joined(float((now.profit - earlier) / (now.capital + earlier)))
        if midnights > 1 and now.equity > 0:
            returns = returns.joined(0.0, midnights - 1)
        return self._replace(midnight_profit=now.profit, returns=returns)
