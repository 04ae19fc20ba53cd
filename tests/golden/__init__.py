"""What the fleet decided on drawn candles, row by row: whoever changes how it is built must find the same again."""
