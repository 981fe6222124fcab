"""A restaurant's connections: finding one, its credentials, connecting and disconnecting."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from flow.collect.integrations import store
from flow.collect.integrations.types import Integration
from flow.database.transaction import Transaction
from flow.kit.secrets import SecretBox

__all__ = ["credentials_of", "integration_of", "keep_credentials"]


async def integration_of(transaction: Transaction, restaurant_id: UUID, name: str) -> Integration | None:
    """The restaurant's connection to a provider, unless there is none or it was ended."""
    found = await store.integration_by_name(transaction, restaurant_id, name)
    return None if found is None or found.status == "inactive" else found


async def credentials_of(service: Transaction, box: SecretBox, integration: Integration) -> dict[str, str]:
    """The opened credentials; empty where there are none. They are read as the service alone."""
    return _opened(box, integration, await store.sealed_credentials(service, integration))


async def locked_credentials_of(service: Transaction, box: SecretBox, integration: Integration) -> dict[str, str]:
    """The same, locked until the transaction ends: whoever else wants to change them waits."""
    return _opened(box, integration, await store.sealed_credentials(service, integration, lock=True))


async def keep_credentials(
    service: Transaction, box: SecretBox, integration: Integration, credentials: Mapping[str, str], *, now: datetime
) -> None:
    """Seals all credentials of a connection anew."""
    sealed = box.seal(json.dumps(dict(credentials)).encode(), _context(integration))
    await store.set_credentials(service, integration, sealed, now=now)


def _opened(box: SecretBox, integration: Integration, sealed: bytes | None) -> dict[str, str]:
    if sealed is None:
        return {}
    opened: dict[str, str] = json.loads(box.open(sealed, _context(integration)))
    return opened


def _context(integration: Integration) -> str:
    return f"integration:{integration.id}"
