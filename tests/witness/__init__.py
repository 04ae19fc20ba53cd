"""A second trader, slow and plain, written from the semantics alone.

What the product decides, fills and reports must be what this one does on the same candles. It shares no code with the
product: `product.py` is the only module that drives it.
"""
