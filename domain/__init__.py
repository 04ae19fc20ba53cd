"""What a candle, an order and a position are, and the pure rules of trading. Standard library only."""
