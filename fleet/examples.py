"""What people type, verb by verb: shown by `fleet VERB --help`, and typed word for word by the tests."""

from collections.abc import Mapping, Sequence

Examples = Sequence[tuple[str, str]]  # a command line, and a remark or nothing

FIRST_STEPS: Examples = (
    ("fleet demo", "watch a fleet trade on a simulated exchange: no account, no key, no internet"),
    ("fleet init my-fleet", "make a folder with a configuration to start from"),
    ("fleet validate", "check config/fleet.yaml and config/strategies/*.yaml, and say what would not trade"),
    ("fleet up", "real exchanges, public data, paper money, until Ctrl-C"),
    ("fleet status", "what every worker, series and strategy is doing"),
    ("fleet report", "how every strategy performed"),
)
EXAMPLES: Mapping[str, Examples] = {
    "demo": (
        ("fleet demo", ""),
        ("fleet demo --seconds 20 --seed 7", "shorter, with other prices"),
        ("fleet demo --fault broken:binance,share=0.1", "every tenth answer of one exchange fails: watch it cope"),
    ),
    "init": (
        ("fleet init my-fleet", "a new folder"),
        ("fleet init", "this folder"),
    ),
    "up": (
        ("fleet up", "until Ctrl-C"),
        ("fleet up --traders 1", "fewer processes than are configured"),
        ("fleet up --last-good", "although a file is broken"),
    ),
    "validate": (
        ("fleet validate", ""),
        ("fleet validate --offline", "without asking the exchanges"),
        ("fleet validate --all-columns", ""),
    ),
    "migrate": (
        ("fleet migrate", ""),
        ("fleet migrate --clock data/dry-clock.json", "on the time of a simulated exchange (docs/architecture.md)"),
    ),
    "backfill": (
        ("fleet backfill", "fill, then follow until Ctrl-C"),
        ("fleet backfill --once", "fill, then end; creates the database where it is missing"),
        ("fleet backfill --once --series binance:BTC/USDT:1h", "this series only (repeatable)"),
        ("fleet backfill --recheck", "ask again for whatever is missing, whatever cause was found"),
        ("fleet backfill --recheck kraken:BTC/USD:1h", "of this series; a running backfiller does it itself"),
    ),
    "import": (
        ("fleet import binance__BTC-USDT__1h.csv.gz", ""),
        ("fleet import BTCUSDT-1h-2024-*.zip --exchange binance", "what Binance offers for download"),
        ("fleet import Kraken_OHLCVT.zip --symbol BTC/USD", "of all that it holds"),
        ("fleet import user_data/data --dry-run", "freqtrade's, of all exchanges; futures are left out"),
    ),
    "trade": (
        ("fleet trade --strategy btc-bin-1h", "trade one strategy here, until Ctrl-C (repeatable)"),
        ("fleet trade --replay --from 2025-06-01", "what the strategies would have done since then"),
        ('fleet trade --replay --keep june.db --from 2025-06-01 --to "2025-06-30 23:00"', ""),
        ("fleet report --view round_trips --database june.db", "of what was kept"),
    ),
    "status": (
        ("fleet status", ""),
        ("fleet status --all-columns", ""),
        ("fleet status --format json", "for programs"),
    ),
    "gaps": (
        ("fleet gaps", ""),
        ("fleet gaps --format csv > gaps.csv", ""),
    ),
    "report": (
        ("fleet report", ""),
        ("fleet report --since 7d", "of the last seven days"),
        ("fleet report --view monthly_returns --strategy btc-bin-1h", ""),
        ("fleet report btc-bin-1h --all-columns", ""),
    ),
    "trades": (
        ("fleet trades", "of the whole fleet"),
        ("fleet trades btc-bin-1h --since 7d", "closed in the last seven days"),
        ("fleet trades --open", "what is held now"),
        ("fleet trades btc-bin-1h --format csv > trades.csv", ""),
    ),
    "chart": (
        ("fleet chart btc-bin-1h", ""),
        ("fleet chart btc-bin-1h --since 7d", ""),
        ("fleet chart btc-bin-1h --out chart.html", "for a browser"),
    ),
    "why": (
        ("fleet why btc-bin-1h", ""),
        ("fleet why btc-bin-1h --since 7d", ""),
        ("fleet why btc-bin-1h --format json", ""),
    ),
    "sql": (
        ("fleet sql", "what may be asked for"),
        ("fleet sql leaderboard", "a view"),
        ("fleet sql best-months --format csv", "a saved question"),
        ('fleet sql "select strategy_id, total_pnl from strategy_performance order by total_pnl desc limit 5"', ""),
    ),
    "backup": (
        ("fleet backup ~/backups/2025-06-01.db", ""),
        ("fleet backup ~/backups/$(date +%F).db", "a file a day"),
    ),
    "restore": (
        ("fleet restore ~/backups/2025-06-01.db", ""),
        ("fleet restore ~/backups/2025-06-01.db --database look.db", "into a file apart, to look at it"),
    ),
    "rename": (
        ("fleet rename btc-bin-1h btc-rsi", ""),
        ("fleet rename btc-rsi btc-bin-1h", "and back"),
    ),
    "reset": (
        ("fleet reset btc-bin-1h", ""),
        ("fleet pause btc-bin-1h; fleet exit btc-bin-1h; fleet reset btc-bin-1h; fleet resume btc-bin-1h", ""),
        ("fleet report --strategy btc-bin-1h~1", "how the one before it did"),
    ),
    "ps": (
        ("fleet ps", ""),
        ("fleet ps --all-columns", ""),
        ("fleet ps --format json", "for programs"),
    ),
    "scale": (
        ("fleet scale 5", ""),
        ("fleet scale 2 --demo", "of the demo"),
    ),
    "restart": (
        ("fleet restart", "the containers of this folder"),
        ("fleet restart --project my-fleet", "those of another"),
    ),
    "logs": (
        ("fleet logs", "the newest lines of all workers"),
        ("fleet logs btc-bin-1h --tail 1000", "of one strategy, whoever traded it"),
        ("fleet logs --follow", "until Ctrl-C"),
        ("fleet logs --raw > logs.json", ""),
    ),
    "pause": (
        ('fleet pause btc-bin-1h --reason "news"', ""),
        ('fleet pause --all --reason "holiday"', ""),
    ),
    "resume": (
        ("fleet resume btc-bin-1h", ""),
        ("fleet resume --all", ""),
    ),
    "stop": (
        ("fleet stop btc-bin-1h", "once it has sold by its own rules"),
        ("fleet stop btc-bin-1h --flatten", "now"),
        ('fleet stop --all --flatten --reason "enough"', ""),
    ),
    "start": (
        ("fleet start btc-bin-1h", ""),
        ("fleet start --all", ""),
    ),
    "exit": (
        ("fleet exit btc-bin-1h", ""),
        ("fleet pause btc-bin-1h; fleet exit btc-bin-1h", "and stay out"),
        ("fleet exit --all", ""),
    ),
    "kill-switch": (
        ('fleet kill-switch on --reason "holiday"', ""),
        ("fleet kill-switch", "how it stands"),
        ("fleet kill-switch off", ""),
    ),
    "schema": (
        ("fleet schema strategy > config/schema/strategy.json", ""),
        ("fleet schema fleet > config/schema/fleet.json", ""),
    ),
    "completion": (
        ("fleet completion bash >> ~/.bashrc", ""),
        ("fleet completion zsh >> ~/.zshrc", "below the line that calls compinit"),
        ("fleet completion fish > ~/.config/fish/completions/fleet.fish", ""),
    ),
}


def example_lines(examples: Examples) -> str:
    """Examples as lines that may be copied whole, their remarks below one another."""
    width = max((len(line) for line, remark in examples if remark), default=0)
    return "".join(f"  {line:<{width}}  # {remark}\n" if remark else f"  {line}\n" for line, remark in examples)
