"""Trade data, isolated by `strategy_id`: turns, positions, totals, registration."""
