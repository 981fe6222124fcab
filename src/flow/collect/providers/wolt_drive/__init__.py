"""Wolt Drive: couriers of Wolt carry our own orders to their guests.

wanted (by a person, or for each confirmed delivery) → promise → delivery → its events move the order along
"""

from flow.collect.providers.wolt_drive.provider import WoltDrive

__all__ = ["PROVIDER", "WoltDrive"]

PROVIDER = WoltDrive()
