"""What was written after a transaction, for whoever follows the fleet."""

from db.database import Changes, Database


def changes(db: Database, after: int, rows: int) -> Changes:
    """What `Database.changes` says, looked up. Numbers are given under the write lock, so whoever sees one has seen all
    rows of those below it.
    """
    with db.snapshot():
        newest = int(db.read("changes_newest")[0]["transaction_id"])
        if after >= newest:
            return Changes(newest)
        first = db.read("changes_first", after=after, rows=rows)[0]
        upto = first["transaction_id"] if first["found"] >= rows else newest
        part = {"after": after, "upto": upto}
        found = (db.read(each, **part) for each in ("changes_decisions", "changes_trades", "changes_events"))
        return Changes(upto, *found)


RENUMBER = """
update meta set value = cast(max(cast(value as integer) + 1, cast(1000 * unixepoch('subsec') as integer)) as text)
where key = 'transaction_id'
"""  # of a copy that becomes a database: above all numbers that the one in whose place it comes has given
