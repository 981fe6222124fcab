"""The customers of the providers: who may call, and where their webhooks go."""

from __future__ import annotations

from collections.abc import Iterator
from hmac import compare_digest

from flow.demo.providers.books import Books, Json
from flow.errors import NotFound

__all__ = ["Accounts"]


class Accounts:
    """An account is {provider, number, name, credentials, webhook_url, webhook_secret}, all of it text.

    `number` is the provider's own: an account, a merchant serial number, a page, a venue, an agreement.
    """

    def __init__(self, books: Books) -> None:
        self._books = books

    def open(self, provider: str, number: str, details: Json) -> Json:
        """Opens an account, or changes what is given of one that is there."""
        known = self._table.setdefault(f"{provider}:{number}", {"provider": provider, "number": number})
        known.update(details)
        for name in ("name", "webhook_url", "webhook_secret"):
            known.setdefault(name, "")
        known.setdefault("credentials", {})
        self._books.touch()
        return known

    def get(self, provider: str, number: str) -> Json:
        """NotFound if the provider has no such customer."""
        found = self._table.get(f"{provider}:{number}")
        if found is None:
            raise NotFound(f"{provider} has no account {number}.")
        return found

    def of(self, provider: str) -> Iterator[Json]:
        """The customers of one provider."""
        return (account for account in list(self._table.values()) if account["provider"] == provider)

    def known_by(self, provider: str, credential: str, value: str) -> Json | None:
        """Whose credential of that name this is."""
        for account in self.of(provider):
            known = account["credentials"].get(credential, "")
            if known and compare_digest(str(known).encode(), value.encode()):
                return account
        return None

    @property
    def _table(self) -> dict[str, Json]:
        return self._books.table("accounts")
