"""The series that most tests trade, lengths of bars, and the moment from which tests count their bars."""

from domain.candles import Series

HOUR, DAY = 3600, 86_400  # seconds
START = 1_699_999_200  # 2023-11-14 22:00 UTC: the hourly bar 0 opens
HOURLY = Series("binance", "BTC/USDT", "1h")
ETHER = Series("binance", "ETH/USDT", "1h")


def at(number: int) -> int:
    """When the hourly bar `number` opens, Unix seconds."""
    return START + number * HOUR


def decided_ms(number: int) -> int:
    """A second after the hourly bar `number` has closed, Unix milliseconds: when a trader decides it."""
    return 1000 * (at(number + 1) + 1)
