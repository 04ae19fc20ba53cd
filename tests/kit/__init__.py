"""What every kind of test uses: series and moments, candles, rows of a database."""
