"""Market data: candles, gaps, markets, written once for everybody."""
