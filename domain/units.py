"""Units of what candles and indicators say: powers of a price (quote currency for a coin) and of a volume (coins)."""

from typing import NamedTuple


class Unit(NamedTuple):
    """Exponents: a price is (1, 0), a volume (0, 1), their product (1, 1), a ratio (0, 0), a variance (2, 0)."""

    price: int = 0
    volume: int = 0

    def times(self, other: "Unit") -> "Unit":
        """The unit of a product."""
        return Unit(self.price + other.price, self.volume + other.volume)

    def per(self, other: "Unit") -> "Unit":
        """The unit of a quotient."""
        return Unit(self.price - other.price, self.volume - other.volume)

    def of(self, price: float, volume: float) -> float:
        """The magnitude that this unit has where prices and volumes have these; 0 where one that it is made of is 0."""
        if (self.price and not price) or (self.volume and not volume):
            return 0.0
        return float(price**self.price * volume**self.volume)

    def __str__(self) -> str:
        return NAMES.get(self) or f"price^{self.price} volume^{self.volume}"


RATIO, PRICE, VOLUME, MONEY, VARIANCE = Unit(), Unit(1, 0), Unit(0, 1), Unit(1, 1), Unit(2, 0)
NAMES = {RATIO: "ratio", PRICE: "price", VOLUME: "volume", MONEY: "price × volume", VARIANCE: "price²"}
