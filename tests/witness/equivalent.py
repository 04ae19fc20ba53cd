"""Breaks that change nothing, each judged by hand: by file and the broken line, why nobody can notice."""

SHARPE = "change_squares > 0 then avg_change / sqrt(change_squares / (days - 1)) * sqrt(365) end as sharpe,"
EQUIVALENT: dict[tuple[str, str], str] = {
    ("db/sql/reports.sql", "select 1 as since;"): "nothing was ever filled or closed in the first second of 1970",
    ("db/sql/reports.sql", f"case when days >= 2 or {SHARPE}"): "below two days, or where none differs, it divides by "
    "zero, which SQLite answers with NULL as well",
    (
        "db/sql/reports.sql",
        "when round_trips >= 2 and pnl_squares >= 0",
    ): "a quotient by zero is NULL in SQLite as well",
}
