"""The fleet itself: leases, workers, controls, budgets, and the facts about this database."""
