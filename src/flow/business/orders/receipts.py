"""The token in the address of a guest's receipt: whoever has it ordered, or was given it by who did."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from uuid import UUID

_TOKEN_BYTES = 18
_PURPOSE = b"receipt of an order"


def receipt_token(secret: bytes, restaurant_id: UUID, order_id: UUID) -> str:
    """24 characters that only this installation can make for this order."""
    key = hmac.digest(secret, _PURPOSE, hashlib.sha256)
    made = hmac.digest(key, restaurant_id.bytes + order_id.bytes, hashlib.sha256)
    return urlsafe_b64encode(made[:_TOKEN_BYTES]).decode()


def is_receipt_token(token: str, secret: bytes, restaurant_id: UUID, order_id: UUID) -> bool:
    """Whether `token` belongs to the order, compared in constant time."""
    return hmac.compare_digest(token.encode(), receipt_token(secret, restaurant_id, order_id).encode())


def receipt_path(slug: str, order_id: UUID, token: str) -> str:
    """The guest's receipt."""
    return f"/shop/{slug}/orders/{order_id}?token={token}"


def payment_path(slug: str, order_id: UUID, token: str) -> str:
    """The way to the page on which the guest pays."""
    return f"/shop/{slug}/orders/{order_id}/pay?token={token}"
