"""Cash and coins of one strategy, to the last digit."""

from dataclasses import dataclass
from decimal import Decimal

from tests.witness.numbers import SMALLEST, down, fitting, kept
from tests.witness.terms import Market


def coin_fee(amount: Decimal, rate: Decimal) -> Decimal:
    """A fee that is taken from the coins, so that the rest has 15 digits."""
    return kept(amount * rate, fitting(SMALLEST, amount))


@dataclass
class Ledger:
    """Cash, quantity, what the held quantity cost with fees, the realised profit, and what money is kept to."""

    cash: Decimal
    unit: Decimal
    qty: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    realised: Decimal = Decimal(0)

    def money(self, value: Decimal) -> Decimal:
        """An amount to the unit."""
        return kept(value, self.unit)

    def equity(self, close: Decimal) -> Decimal:
        """Cash and what the position is worth at a close."""
        return self.cash + self.money(self.qty * close)

    def buy(self, price: Decimal, amount: Decimal, market: Market) -> tuple[Decimal, Decimal]:
        """Fold a buy; its fee in the currency that it was taken in, and in quote currency."""
        spent, received = self.money(price * amount), amount
        if market.coins:
            fee = coin_fee(amount, market.taker)
            in_quote = self.money(fee * price)
            received -= fee
        else:
            fee = in_quote = self.money(price * amount * market.taker)
            spent += fee
        self.cash -= spent
        self.qty = down(self.qty + received, fitting(SMALLEST, self.qty + received))
        self.cost += spent
        return fee, in_quote

    def sell(self, price: Decimal, amount: Decimal, rate: Decimal) -> tuple[Decimal, Decimal, Decimal]:
        """Fold a sale; its fee, the cost that it released, and its profit net of both fees."""
        fee = self.money(price * amount * rate)
        released = self.cost if amount == self.qty else self.money(self.cost * amount / self.qty)
        received = self.money(price * amount) - fee
        self.cash += received
        self.qty -= amount
        self.cost -= released
        self.realised += received - released
        return fee, released, received - released
