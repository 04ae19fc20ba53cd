"""Candles from files: CSV as anybody writes it, Parquet, Feather, and gz or zip around them. Nothing is believed."""
