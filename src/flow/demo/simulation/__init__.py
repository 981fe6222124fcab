"""The simulation: four made-up restaurants and a year of their orders, guests and visits, labelled as simulated."""

from flow.demo.simulation.logins import DEMO_LOGINS, DEMO_PASSWORD
from flow.demo.simulation.service import is_simulated, simulate

__all__ = ["DEMO_LOGINS", "DEMO_PASSWORD", "is_simulated", "simulate"]
