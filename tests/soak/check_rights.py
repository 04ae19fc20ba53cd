"""Did two processes act for one strategy, was an acknowledged write lost, was a person disobeyed?"""

from collections.abc import Iterator
from itertools import pairwise

from tests.soak.facts import Facts
from tests.soak.journal import Commit

LEDGER = ("decisions", "orders", "trades", "equity")
GRACE = 1_000_000_000  # nanoseconds in which the kill switch must have reached everybody
NOTICED = 2_000_000_000  # nanoseconds in which the backfiller must have told that the machine's clock was set
LEAPT_MS = 1_800_000  # beyond it the clock was set meanwhile, and the two cannot be compared


def one_writer_per_epoch(facts: Facts) -> Iterator[str]:
    """Under one epoch of a strategy one process writes: its holder, whose lease has not run out; and epochs grow."""
    writers: dict[tuple[str, int], int] = {}
    newest: dict[str, int] = {}
    for commit in facts.commits:
        rights = {one: (holder, epoch, expires) for one, holder, epoch, expires in commit.leases}  # 0: its life is over
        for one, epoch in {(row["strategy_id"], row["epoch"]) for row in commit.rows(*LEDGER) if row.get("epoch")}:
            holder, current, expires = rights.get(one, ("nobody", 0, 0))
            if (
                current != epoch
                or expires == 0
                or 0 < commit.began[1] - expires < LEAPT_MS
                or (holder or "nobody").split("-")[-2:-1] != [str(commit.pid)]
            ):
                yield f"{one} epoch {epoch}: written by {commit.pid} while {holder} held {current} until {expires}"
            if writers.setdefault((one, epoch), commit.pid) != commit.pid:
                yield f"{one} epoch {epoch}: written by {writers[one, epoch]} and by {commit.pid}"
            if epoch < newest.get(one, 0):
                yield f"{one}: epoch {epoch} written after {newest[one]}"
            newest[one] = max(epoch, newest.get(one, 0))


def nothing_acknowledged_is_lost(facts: Facts) -> Iterator[str]:
    """Every decision and trade that a process heard to be committed is in the file."""
    here = {
        (row["strategy_id"], row["timestamp"]) for row in facts.rows("select strategy_id, timestamp from decisions")
    }
    orders = {row["client_order_id"] for row in facts.rows("select client_order_id from orders")}
    trades = {row["client_order_id"] for row in facts.rows("select client_order_id from trades")}
    now = {old: new for new in facts.renamed for old in facts.names(new)}
    for commit in _acknowledged(facts):
        for row in commit.rows("decisions"):
            if row and (now.get(row["strategy_id"], row["strategy_id"]), row["timestamp"]) not in here:
                yield f"decision of {row['strategy_id']} on {row['timestamp']} is gone"
        for table, kept in (("orders", orders), ("trades", trades)):
            gone = {row["client_order_id"] for row in commit.rows(table) if "client_order_id" in row} - kept
            yield from (f"{table}: {each} is gone" for each in sorted(gone))


def _acknowledged(facts: Facts) -> Iterator[Commit]:
    return (commit for commit in facts.commits if commit.acked)


def nobody_enters_while_halted(facts: Facts) -> Iterator[str]:
    """From a second after the kill switch is on until it is off."""
    halts = [each for each in facts.ordered if each.kind in {"halt", "release"}]
    for before, after in pairwise(halts):
        if before.kind != "halt":
            continue
        for commit in facts.commits:
            if before.at + GRACE < commit.at < after.at:
                for row in commit.rows("orders"):
                    if row.get("purpose") == "entry":
                        yield f"{row['strategy_id']} entered on {row.get('timestamp')} while the kill switch was on"


def ordered_exits_are_carried_out(facts: Facts) -> Iterator[str]:
    """No order of a person to sell is left lying, and whoever was sold by one has the person's reason in the order."""
    for row in facts.rows("select strategy_id, reason from exit_orders"):
        yield f"{row['strategy_id']}: the order to sell ({row['reason']}) was never carried out"
    for row in facts.rows("select strategy_id, reason from orders where purpose = 'manual'"):
        if not any(order.reason in row["reason"] for order in facts.ordered if order.kind == "exit"):
            yield f"{row['strategy_id']}: sold by order, but nobody gave this reason: {row['reason']}"


def no_entry_comes_too_late(facts: Facts) -> Iterator[str]:
    """By the true clock, not by that of a machine that was set wrong, unless it was set just now: a process that began
    after that knows no better until the backfiller has heard the exchange.
    """
    start_ms, origin, speed = facts.clock
    lengths = {each["strategy_id"]: each["seconds"] for each in facts.strategies}
    for commit in facts.commits:
        entered = {
            row["strategy_id"]: row["timestamp"] for row in commit.rows("decisions") if row.get("action") == "enter"
        }
        if any(0 < commit.began[0] - moment < NOTICED for moment in facts.clock_set):
            continue
        for one, opened in entered.items():
            length = lengths.get(one)
            if length is None:
                continue
            candle_ms = start_ms + (commit.began[0] - origin) / 1e6 * speed
            late = candle_ms / 1000 - opened - length - min(length / 4, 300)
            if late > 0:
                yield f"{one} entered on {opened} {late:.0f} s of candle time too late"


CHECKS = (
    one_writer_per_epoch,
    nothing_acknowledged_is_lost,
    nobody_enters_while_halted,
    ordered_exits_are_carried_out,
    no_entry_comes_too_late,
)
