"""Fills `ohlcv_data`, keeps it whole and fresh."""
