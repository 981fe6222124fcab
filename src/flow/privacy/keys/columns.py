"""Every column that holds values of the secret box. A contract test finds one that is missing here.

The modules that seal lie above and beside this one, so each column is named here, with the context of its values.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SEALED_COLUMNS", "SealedColumn"]


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A nullable or full column of sealed bytes; `context` is filled with the columns of `key`."""

    table: str
    column: str
    key: tuple[str, ...]
    context: str

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}"

    def context_of(self, key: tuple[object, ...]) -> str:
        """The context of the row with this key."""
        return self.context.format(**dict(zip(self.key, key, strict=True)))


SEALED_COLUMNS = (
    SealedColumn("public.user_2fa_settings", "secret_sealed", ("user_id",), "totp:{user_id}"),
    SealedColumn("app.mails", "sealed", ("id",), "mail:{id}"),
    SealedColumn("app.password_resets", "email_sealed", ("id",), "reset:{id}"),
    SealedColumn("public.privacy_requests", "sealed", ("id",), "privacy_request:{id}"),
    SealedColumn("public.webhook_inbox", "payload_sealed", ("restaurant_id", "id"), "inbox:{id}"),
    SealedColumn("public.integration_configs", "credentials_encrypted", ("restaurant_id", "id"), "integration:{id}"),
    SealedColumn("public.webhook_endpoints", "secrets_sealed", ("restaurant_id", "id"), "webhook_endpoint:{id}"),
)
