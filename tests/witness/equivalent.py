"""Breaks that the witness cannot notice, each judged by hand: by file and the broken line (or both lines)."""

SHARPE = "change_squares > 0 then avg_change / sqrt(change_squares / (days - 1)) * sqrt(365) end as sharpe,"
GIVEN_UP = '_give_up(assignments, active, demand, f"{type(error).__name__}: {error}")  ->  pass'
ATTEMPT = "attempt = 1 + recording.attempts(assignments.db, active.strategy_id, bar.timestamp, demand.purpose)"
ZERO = "a quotient by zero is NULL in SQLite as well"
KNOWN = "if step.trades and step.equity is not None:"
TEXTS = 'if not all(isinstance(text, str) for text in (said.entry or "", said.exit or "", said.reason and "")):'
PARTS = "test_partial_fills: an order that is not filled whole says so"
FILLED = (
    "bool(found) and found[-1].filled <= order.qty",
    "(bool(found))",
    "(found[-1].filled >= order.qty)",
)
REPORTED = "test_domain_reported: whatever an exchange reports is folded, and adds up"
FEES = "test_domain_reported: a fee may be larger than all there is"
UNIT = "unit = self.unit(cent, {})"  # of what a sale brings
LEDGER = (  # lines of which paper, where fees are below the worth and nothing costs more than there is, takes one way
    *(
        f"gone = {each} if execution.fee_in_base else execution.qty"
        for each in (
            "execution.qty - execution.fee", "execution.qty", "execution.price + execution.fee",
            "execution.qty + execution.fee_quote",
        )
    ),
    *(
        f"released = cents(self.cost * sold / self.qty, unit) if {each} else self.cost"
        for each in ("left or self.qty", "(left)", "(self.qty)")
    ),
    *(
        f"unit = self.unit(cent, {each}, ZERO))"
        for each in (
            "max(worth + fee + self.cash, -worth - fee", "max(worth + fee, -worth - fee",
            "max((self.cash) - (worth + fee), -worth - fee", "max(worth - fee - self.cash, -worth - fee",
            "max(worth - self.cash, -worth - fee", "max(worth + fee - self.cost, -worth - fee",
            "max(worth + fee - self.cash, -worth + fee", "max(worth + fee - self.cash, -worth",
            "max(worth + fee - self.cash, (fee) - (-worth)", "max(worth + fee - self.cash, (worth) - fee",
            "min(worth + fee - self.cash, -worth - fee",
        )
    ),
)  # fmt: skip
HELD: dict[tuple[str, str], str] = {  # by a test elsewhere, for the witness cannot make what it needs
    ("trader/strategy_turn.py", TEXTS): "test_failing_exits: what is no text fails its bar",
    **{("domain/ledger.py", line): REPORTED for line in LEDGER},
    **{
        ("domain/ledger.py", UNIT.format(each)): FEES
        for each in ("max(worth, abs(worth + fee))", "max(worth, abs(worth))", "min(worth, abs(worth - fee))")
    },
    **{("db/trading/turns.py", f"filled = {each}"): PARTS for each in FILLED},
    ("trader/sales.py", GIVEN_UP): "test_manual_orders: an order that cannot be recorded is given up",
}
EQUIVALENT: dict[tuple[str, str], str] = {  # why nothing that anybody could notice changes
    ("domain/ledger.py", UNIT.format("max(worth, abs((fee) - (worth)))")): "as large, whichever is taken from which",
    ("db/reading/reports.sql", "gains / lost as profit_factor,"): ZERO,
    ("db/reading/reports.sql", "when point_profit < highest and point_capital + highest >= 0"): ZERO,
    ("trader/sales.py", f"{ATTEMPT}  ->  {ATTEMPT.replace('1 +', '1 -')}"): "the names of the orders are as different",
    ("db/trading/turns.py", f"{KNOWN}  ->  if (step.trades):"): "the equity of a sale is always known",
    (
        "domain/exits.py",
        "return wanted.value * (price if wanted.atr is None else decimal((atr)))",
    ): "an entry waits for its ATR",
    ("db/reading/reports.sql", "select 1 as since;"): "nothing was ever filled or closed in the first second of 1970",
    (
        "db/reading/reports.sql",
        f"case when days >= 2 or {SHARPE}",
    ): "below two days, or where none differs, it divides by zero, which SQLite answers with NULL as well",
    (
        "db/reading/reports.sql",
        "when round_trips >= 2 and pnl_squares >= 0",
    ): ZERO,
}
