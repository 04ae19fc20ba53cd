"""A simulated exchange over HTTP: enough of Binance's, Coinbase's and Kraken's public REST for unmodified clients."""

from exchange.simulated.cli import main
from exchange.simulated.faults import Fault
from exchange.simulated.server import Simulator, SimulatorConfig

__all__ = ["Fault", "Simulator", "SimulatorConfig", "main"]
