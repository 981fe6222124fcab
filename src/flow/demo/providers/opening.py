"""Opening an account at a provider, as a restaurant does at its desk: it gets a number and credentials."""

from __future__ import annotations

from collections.abc import Callable
from secrets import choice, token_hex
from uuid import uuid4

from flow.demo.providers.books import Json
from flow.demo.providers.world import World, identifier
from flow.errors import InvalidInput

__all__ = ["new_account", "papers"]


def new_account(world: World, provider: str, name: str) -> Json:
    """An account with a number and credentials of its own; InvalidInput for a provider that is not simulated."""
    if provider not in _PAPERS:
        raise InvalidInput(f"{provider} is not simulated.")
    number, details = _PAPERS[provider]()
    return world.accounts.open(provider, number, {"name": name, **details})


# As the simulated agreement has them.
_IN_THE_AGREEMENT = {
    "customer_number": "101",
    "layout_number": "19",
    "payment_terms_number": "5",
    "vat_zone_number": "1",
    "customer_group_number": "3",
}


def papers(account: Json, restaurant: str) -> dict[str, str]:
    """What the owner fills in to connect FLOW with an account, under every name that a form may have for it."""
    number, secret = account["number"], account["webhook_secret"]
    return {
        **account["credentials"],
        **dict.fromkeys(
            ("account", "page", "msn", "merchant_serial_number", "venue_id", "agreement", "merchant_id"), number
        ),
        **dict.fromkeys(("webhook_secret", "app_secret"), secret),
        "sender": restaurant[:11],
        "number": account.get("phone", number),
        "networks": "any",
        "auto_accept": "yes",
        "preparation_minutes": "20",
        **_IN_THE_AGREEMENT,
    }


def _digits(count: int) -> str:
    return choice("123456789") + "".join(choice("0123456789") for _ in range(count - 1))


def _stripe() -> tuple[str, Json]:
    credentials = {"secret_key": identifier("sk_test_", 48)}
    return identifier("acct_", 16), {"credentials": credentials, "webhook_secret": identifier("whsec_", 32)}


def _mobilepay() -> tuple[str, Json]:
    # No secret for webhooks: a registration brings its own.
    credentials = {
        "client_id": str(uuid4()),
        "client_secret": identifier("", 40),
        "subscription_key": token_hex(16),
    }
    return _digits(6), {"credentials": credentials}


def _inmobile() -> tuple[str, Json]:
    return _digits(5), {"credentials": {"api_key": str(uuid4())}, "phone": f"4588{_digits(6)}"}


def _instagram() -> tuple[str, Json]:
    return f"178414{_digits(11)}", _meta("IGAA")


def _facebook() -> tuple[str, Json]:
    return _digits(15), _meta("EAA")


def _meta(prefix: str) -> Json:
    credentials = {"access_token": identifier(prefix, 60), "verify_token": identifier("", 24)}
    return {"credentials": credentials, "webhook_secret": token_hex(16)}


def _wolt() -> tuple[str, Json]:
    credentials = {
        "client_id": str(uuid4()),
        "client_secret": identifier("", 40),
        "refresh_token": identifier("", 64),
        "api_key": identifier("", 40),
    }
    return token_hex(12), {"credentials": credentials, "webhook_secret": token_hex(16)}


def _wolt_drive() -> tuple[str, Json]:
    credentials = {"merchant_key": identifier("", 64), "merchant_id": token_hex(12)}
    return token_hex(12), {"credentials": credentials, "webhook_secret": token_hex(16), "courier_seconds": 20}


def _economic() -> tuple[str, Json]:
    credentials = {"app_secret_token": identifier("", 40), "grant_token": identifier("", 40)}
    return _digits(7), {"credentials": credentials}


_PAPERS: dict[str, Callable[[], tuple[str, Json]]] = {
    "stripe": _stripe,
    "mobilepay": _mobilepay,
    "inmobile": _inmobile,
    "instagram": _instagram,
    "facebook": _facebook,
    "wolt": _wolt,
    "wolt-drive": _wolt_drive,
    "economic": _economic,
}
