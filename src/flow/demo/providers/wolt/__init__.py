"""Wolt: orders made in its app (the marketplace), and FLOW's own orders brought by its couriers (Wolt Drive)."""

from flow.demo.providers.wolt.drive import wolt_drive
from flow.demo.providers.wolt.marketplace import wolt

__all__ = ["wolt", "wolt_drive"]
