"""Populated databases of every schema since 1: tests/integration/test_upgrades.py upgrades each to the newest.

`written/schema_NN.sql` is a whole database as text. The code of its time has written it: the last commit whose newest
migration was NN lived the life of `life.py`. All went through the same hours, so far as their time knew them.
`schema_06_residues.sql` is another life: little sums that could not be sold, a deposit under a new id, missed bars.

When a migration is added, whatever the old release has written stands here already: `python -m tests.schemas` writes
the population of the newest schema beside it, and `expected.py` gets a step that says, without the product, what
became of the old rows. Until the next migration that population may be written anew when the life gets richer; those of
older schemas are never touched again.
"""
