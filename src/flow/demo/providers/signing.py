"""How each provider signs what it delivers. Keys are the secret's own characters, never decoded from base64."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import urlsplit

from flow.demo.providers.books import Json

__all__ = ["sign_meta", "sign_nothing", "sign_stripe", "sign_vipps", "sign_wolt"]


def sign_stripe(account: Json, _: str, body: bytes, now: datetime) -> dict[str, str]:
    """`Stripe-Signature`: seconds, a full stop and the body, by HMAC-SHA256 in hexadecimal digits."""
    seconds = int(now.timestamp())
    mac = _mac(account, f"{seconds}.".encode() + body).hex()
    return {"stripe-signature": f"t={seconds},v1={mac}"}


def sign_vipps(account: Json, url: str, body: bytes, now: datetime) -> dict[str, str]:
    """`Authorization: HMAC-SHA256 …` over method, path with query, date, host and the body's hash."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    date = format_datetime(now, usegmt=True)
    content = base64.b64encode(hashlib.sha256(body).digest()).decode()
    mac = _mac(account, f"POST\n{target}\n{date};{parts.netloc};{content}".encode())
    signature = base64.b64encode(mac).decode()
    return {
        "x-ms-date": date,
        "x-ms-content-sha256": content,
        "authorization": f"HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={signature}",
    }


def sign_meta(account: Json, _: str, body: bytes, __: datetime) -> dict[str, str]:
    """`X-Hub-Signature-256` over the raw body; the older SHA-1 goes along, as Meta's does."""
    secret = account["webhook_secret"].encode()
    old = hmac.new(secret, body, hashlib.sha1).hexdigest()
    return {"x-hub-signature-256": f"sha256={_mac(account, body).hex()}", "x-hub-signature": f"sha1={old}"}


def sign_wolt(account: Json, _: str, body: bytes, __: datetime) -> dict[str, str]:
    """`WOLT-SIGNATURE` over the raw body."""
    return {"wolt-signature": _mac(account, body).hex()}


def sign_nothing(_: Json, __: str, ___: bytes, ____: datetime) -> dict[str, str]:
    """InMobile and e-conomic sign nothing, and Wolt Drive signs within the body."""
    return {}


def _mac(account: Json, text: bytes) -> bytes:
    return hmac.new(account["webhook_secret"].encode(), text, hashlib.sha256).digest()
