"""The only room that speaks ccxt; and the simulated exchange."""
