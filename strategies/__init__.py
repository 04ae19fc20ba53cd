"""Candles in, signals out; the only room that speaks pandas_ta."""
