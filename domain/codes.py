"""Codes: why something was decided, for programs; the sentence for people stands beside it and is never parsed."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Code(StrEnum):
    """Why a decision or an order was made. Those of an entry that was refused because of money are `sizing.Refused`."""

    SIGNAL = "signal"  # the strategy wished to enter
    NO_ENTRY = "no_entry"  # it wished nothing
    HOLDING = "holding"  # no exit is due
    UNDEFINED = "undefined"  # nothing is due, and something that it looks at is not defined
    WARMING_UP = "warming_up"
    GAP = "gap"  # a hole in its warm-up
    NOT_TRADED = "not_traded"  # nobody traded in the bar
    MISSED_EXIT = "missed_exit"  # an exit of before fills later than this bar
    ATR_UNKNOWN = "atr_unknown"  # its stop, target or trailing stop cannot be placed yet
    STALE = "stale"  # the entry came too late
    HALTED = "halted"  # the kill switch is on
    PAUSED = "paused"
    STOPPED = "stopped"
    DISABLED = "disabled"  # after failures
    EXITS_ONLY = "exits_only"  # its file is gone, broken, or does not fit
    MARKET_HALTED = "market_halted"  # by the exchange
    AMOUNT_TOO_SMALL = "amount_too_small"  # it could not be bought
    UNSELLABLE = "unsellable"  # it could not be sold again; of an exit: the market does not take it now
    CASH_TOO_SMALL = "cash_too_small"
    STOP_TOO_NEAR = "stop_too_near"  # not below the price: a stake by risk has no size
    RESIDUE = "residue"  # an exit was due, and what is held is too little to sell: it counts as flat
    NOTHING_HELD = "nothing_held"  # a sale was ordered
    STOP = "stop"
    TRAILING_STOP = "trailing_stop"
    TARGET = "target"
    TIME_LIMIT = "time_limit"
    EXIT_SIGNAL = "exit_signal"
    MANUAL = "manual"  # a person ordered the sale
    DELISTED = "delisted"  # the market is gone
    RAISED = "raised"  # by the strategy's own code, or what it says cannot be recorded


WORDS: Mapping[str, str] = MappingProxyType(
    {
        Code.SIGNAL: "entered",
        Code.NO_ENTRY: "entry rule not true",
        Code.HOLDING: "holding",
        Code.UNDEFINED: "an indicator is undefined",
        Code.WARMING_UP: "warming up",
        Code.GAP: "candles missing in its warm-up",
        Code.NOT_TRADED: "nobody traded in the bar",
        Code.MISSED_EXIT: "an exit still to be filled",
        Code.ATR_UNKNOWN: "ATR of its exits unknown",
        Code.STALE: "stale",
        Code.HALTED: "kill switch on",
        Code.PAUSED: "paused",
        Code.STOPPED: "stopped",
        Code.DISABLED: "disabled after failures",
        Code.EXITS_ONLY: "exits only",
        Code.MARKET_HALTED: "market halted by the exchange",
        Code.AMOUNT_TOO_SMALL: "amount too small to buy",
        Code.UNSELLABLE: "could not be sold again",
        Code.CASH_TOO_SMALL: "too little cash",
        Code.STOP_TOO_NEAR: "its stop is not below the price",
        Code.RESIDUE: "too little left to sell",
        Code.NOTHING_HELD: "nothing held to sell",
        Code.STOP: "sold at its stop",
        Code.TRAILING_STOP: "sold at its trailing stop",
        Code.TARGET: "sold at its target",
        Code.TIME_LIMIT: "sold after its time limit",
        Code.EXIT_SIGNAL: "sold by its exit rule",
        Code.MANUAL: "sold by a person",
        Code.DELISTED: "sold, its market is gone",
        Code.RAISED: "its own code failed",
    }
)  # of every code, as people read it in a column


def plain(code: str) -> str:
    """A code in a few plain words; one of an older release, which is an action, stands for itself."""
    return WORDS.get(code, code.replace("_", " "))


class Why(NamedTuple):
    """A reason: its code, and in words."""

    code: Code
    text: str
