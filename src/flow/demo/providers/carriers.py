"""How each provider delivers its webhooks."""

from __future__ import annotations

from flow.demo.providers.post import Carrier
from flow.demo.providers.signing import sign_meta, sign_nothing, sign_stripe, sign_vipps, sign_wolt

__all__ = ["CARRIERS"]

_HOUR = 3600.0


def _growing(first: float, factor: float, total: float) -> tuple[float, ...]:
    """Waits that grow by a factor until they have taken `total` seconds."""
    waits: list[float] = []
    while sum(waits) < total:
        waits.append(first * factor ** len(waits))
    return tuple(waits)


# Where a provider does not publish its intervals, only how long it goes on, they double.
CARRIERS = {
    "stripe": Carrier(sign_stripe, _growing(5, 2, 72 * _HOUR)),
    "mobilepay": Carrier(sign_vipps, _growing(5, 2, 168 * _HOUR)),
    "inmobile": Carrier(sign_nothing, _growing(5, 2, 24 * _HOUR)),
    "instagram": Carrier(sign_meta, (0.0, *_growing(5, 3, 36 * _HOUR))),
    "facebook": Carrier(sign_meta, (0.0, *_growing(5, 3, 36 * _HOUR))),
    "wolt": Carrier(sign_wolt, (5.0, 5.0, 5.0)),  # then the notification is lost
    "wolt-drive": Carrier(sign_nothing, (5.0, 25.0, 125.0)),
    "economic": Carrier(sign_nothing, _growing(5, 2, 24 * _HOUR)),
}
