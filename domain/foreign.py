"""Words that people bring from elsewhere, freqtrade above all, and what they are called here: one table, of which the
complaints about files and rules, and the page of strategies, are made.
"""

from collections.abc import Mapping
from types import MappingProxyType

Words = Mapping[str, str]


def _said(words: Mapping[str, str]) -> Words:
    """One entry for each of the words of a line."""
    return MappingProxyType({word: answer for line, answer in words.items() for word in line.split()})


Called = Mapping[str, tuple[str, str]]  # words of elsewhere: the key that they are here, and how it is written


def _called(words: Called) -> dict[str, str]:
    """The answers for words that are keys here under another name."""
    return {line: f"is called {key} here{more}" for line, (key, more) in words.items()}


def _keys(words: Called) -> Words:
    """The keys that these words are here."""
    return _said({line: key for line, (key, _) in words.items()})


CALLED: Mapping[str, Called] = MappingProxyType(
    {
        "": {
            "pair ticker market coin instrument": ("symbol", ": `symbol: BTC/USDT`"),
            "ticker_interval interval time_frame period candle_size": ("timeframe", ": `timeframe: 1h`"),
            "stake_amount position_size amount": (
                "stake",
                ": `stake: { fixed: 250 }`, `{ fraction: 0.5 }` or `{ risk: 0.01 }` of the equity",
            ),
            "dry_run_wallet wallet balance available_capital initial_capital cash": (
                "capital",
                ", each strategy has its own: `capital: 1000`",
            ),
            "name id bot_name strategy_name": ("strategy_id", ""),
            "db_url": ("database", ", in fleet.yaml"),
        },
        "params": {
            "buy enter entry_rule buy_signal long enter_long": ("entry", ""),
            "sell leave exit_rule sell_signal exit_long": ("exit", ""),
        },
        "exits": {
            "stoploss stop_loss": ("stop", ", a fraction without a sign: `stop: 0.1`"),
            "take_profit takeprofit roi minimal_roi": ("target", ": `target: 0.05`"),
            "trailing_stop trailing_stop_positive": ("trailing", ": `trailing: 0.02`"),
            "time_limit max_hold timeout max_candles": ("max_bars", ", in bars: `max_bars: 24`"),
        },
    }
)
"""Words that are a key here under another name, by where they stand."""
KEYS_HERE: Mapping[str, Words] = MappingProxyType({place: _keys(words) for place, words in CALLED.items()})

FILES = _said(
    _called(CALLED[""])
    | {
        "pairs pair_whitelist pairlists pairlist symbols markets tickers": (
            "is a matrix in a strategy's file here: `matrix: { symbol: [BTC/USDT, ETH/USDT] }` makes a strategy of each"
        ),
        "pair_blacklist": "is not here: only the symbols that a strategy names are traded",
        "timeframes intervals": "is a matrix in a strategy's file here: `matrix: { timeframe: [1h, 4h] }`",
        "stake_currency": "is not here: it is the quote of the symbol",
        "tradable_balance_ratio": "is a stake here: `stake: { fraction: 0.99 }`",
        "stoploss stop_loss stop": "stands under exits here, as a fraction without a sign: `exits: { stop: 0.1 }`",
        "minimal_roi roi take_profit takeprofit target": (
            "stands under exits here: `exits: { target: 0.05 }`; one that falls with time is not here, a time limit is "
            "`max_bars`"
        ),
        "trailing_stop trailing_stop_positive trailing trailing_only_offset_is_reached trailing_stop_positive_offset": (
            "stands under exits here: `exits: { trailing: 0.02 }`"
        ),
        "dry_run paper paper_trading sandbox": "is `mode: paper` here, which is the default",
        "max_open_trades": "is not here: each strategy has its own capital and at most one position",
        "startup_candle_count startup_candles": "is `warmup` here; rules and shipped kinds know theirs",
        "process_only_new_candles": "is not here: only closed candles are decided, each once",
        "can_short leverage trading_mode margin_mode liquidation_buffer": "is not here: spot only, long or flat",
        "position_adjustment_enable max_entry_position_adjustment": "is not here: one entry a position",
        "protections cooldown": "is not here yet",
        "order_types order_time_in_force unfilledtimeout entry_pricing exit_pricing": (
            "is not here: on paper an entry fills at the close (docs/metrics.md)"
        ),
        "use_exit_signal use_sell_signal exit_profit_only ignore_roi_if_entry_signal": (
            "is not here: the exit rule always counts, beside stop, target and time limit"
        ),
        "fee fees commission": (
            "stands in fleet.yaml here: `exchanges: { binance: { costs: { taker: 0.001, maker: 0.001 } } }`"
        ),
        "slippage": "stands in fleet.yaml here: `exchanges: { binance: { costs: { slippage_bps: 5 } } }`",
        "populate_indicators indicators": "is not here: rules name their indicators, such as rsi(14)",
        "populate_entry_trend populate_buy_trend entry enter buy entry_rule buy_signal": (
            "stands under params here: `strategy: rules` and `params: { entry: rsi(14) < 30 }`; a kind of your own in "
            "Python is in docs/strategies.md"
        ),
        "populate_exit_trend populate_sell_trend exit sell exit_rule sell_signal": (
            "stands under params here: `strategy: rules` and `params: { exit: rsi(14) > 70 }`"
        ),
        "telegram api_server webhook discord": "is not here yet",
        "dataformat_ohlcv datadir user_data_dir": "is not here: candles are in the database, by `fleet import`",
    }
)
"""At the top of fleet.yaml or of a strategy's file."""

PARAMS = _said(
    _called(CALLED["params"])
    | {
        "short enter_short exit_short": "is not here: long or flat",
        "stop stoploss stop_loss target trailing max_bars": "stands under exits here",
    }
)
"""Under params."""

EXITS = _said(_called(CALLED["exits"]))
"""Under exits."""

KEYS: Mapping[str, Words] = MappingProxyType({"": FILES, "params": PARAMS, "exits": EXITS})

RULES = _said(
    {
        "crossed_above cross_above crossover cross_over crossesabove crossedabove crosses_over": (
            "write crosses_above(a, b)"
        ),
        "crossed_below cross_below crossunder cross_under crossesbelow crossedbelow crosses_under": (
            "write crosses_below(a, b)"
        ),
        "bb_lowerband bb_lower lowerband": "write bbands(20, 2).lower",
        "bb_middleband bb_middle middleband": "write bbands(20, 2).mid",
        "bb_upperband bb_upper upperband": "write bbands(20, 2).upper",
        "macdsignal macd_signal": "write macd(12, 26, 9).signal",
        "macdhist macd_hist": "write macd(12, 26, 9).histogram",
        "slowk fastk stoch_k": "write stoch(14, 3, 3).k",
        "slowd fastd stoch_d": "write stoch(14, 3, 3).d",
        "plus_di": "write adx(14).plus",
        "minus_di": "write adx(14).minus",
        "sar psar": "depends on where the data starts; use supertrend(7, 3).trend",
        "dataframe df": "write close for dataframe['close'], rsi(14) for dataframe['rsi']",
        "qtpylib ta talib pta": "write the indicator alone, such as rsi(14)",
        "shift": "write close[1] for the bar before",
        "rolling mean avg": "write sma(close, 20)",
        "max": "write highest(close, 20) for the largest of some bars; of two numbers there is none: use or",
        "min": "write lowest(close, 20) for the smallest of some bars; of two numbers there is none: use and",
        "abs": "is not here: write both sides, such as a - b > 1 or b - a > 1",
        "price last": "write close",
        "vol": "write volume",
        "and or not AND OR NOT": "stands between conditions",
    }
)
"""Names within a rule."""

SPELLINGS: Mapping[str, str] = MappingProxyType(
    {
        r"\bAND\b|&&?": "write and",
        r"\bOR\b|\|\|?": "write or",
        r"\bNOT\b|!(?!=)": "write not",
        r"<>": "write !=",
        r"=>": "write >=",
        r"=<": "write <=",
        r"(?<![<>=!])=(?![<>=])": "write == where two numbers are to be the same",
        r"(?i)\bcross(?:es|ed|ing)?[ _]*(?:above|over)\b": "write crosses_above(a, b)",
        r"(?i)\bcross(?:es|ed|ing)?[ _]*(?:below|under)\b": "write crosses_below(a, b)",
        r"(?i)\b(?:is )?(?:above|greater than|over)\b": "write >",
        r"(?i)\b(?:is )?(?:below|less than|under)\b": "write <",
        r"(?<=[0-9])\s*%": "write 30 for rsi(14) < 30, and 1.05 * close for five per cent above the close",
        r";": "a rule is one condition: join its parts with and",
        r"\bTHEN\b|\bIF\b|\bthen\b|\?": "there is no if: join conditions with and, or, not",
    }
)
"""What is written within a rule that Python's grammar cannot read, as patterns."""
