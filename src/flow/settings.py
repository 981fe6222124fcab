"""Every setting of FLOW, read once from the environment (prefix FLOW_) and passed in."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A log-in that everybody may see; `what` it is for, in English."""

    email: str
    password: str
    what: str


class Settings(BaseSettings):
    """Settings of one FLOW installation; docs/reference/settings.md is made from these fields."""

    model_config = SettingsConfigDict(env_prefix="FLOW_", frozen=True, extra="ignore", populate_by_name=True)

    home: Path = Field(
        default=Path(".flow"),
        description="Folder for what FLOW keeps on disk: the embedded database, its secret, the mail outbox.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_URL", "FLOW_DATABASE_URL"),
        description="Administrator's address of a PostgreSQL 15 to 18 or Supabase; none starts the embedded one.",
    )
    api_database_url: SecretStr | None = Field(
        default=None, description="Address for role flow_api, if it differs from what bootstrap makes."
    )
    worker_database_url: SecretStr | None = Field(
        default=None, description="Address for role flow_worker, if it differs from what bootstrap makes."
    )
    listen_database_url: SecretStr | None = Field(
        default=None,
        description="Direct address for role flow_worker where worker_database_url leads through a transaction-mode "
        "pooler, which passes no notifications on: live pages and the job queue listen there.",
    )
    database_flavour: Literal["auto", "plain", "supabase"] = Field(
        default="auto", description="What the database is; `auto` looks at its roles."
    )
    secret: SecretStr | None = Field(
        default=None,
        description="At least 32 bytes from which keys and role passwords derive; none keeps one in the home folder.",
    )
    old_secrets: tuple[SecretStr, ...] = Field(
        default=(),
        description="Former values of FLOW_SECRET, as a JSON list: they open what they sealed until "
        "`flow keys rotate` has sealed it anew.",
    )
    host: str = Field(default="127.0.0.1", description="Address that the web process listens on.")
    port: int = Field(default=8010, ge=1, le=65535, description="Port that the web process listens on.")
    public_url: str | None = Field(default=None, description="Address that people use; none means http://host:port.")
    hosts: str = Field(
        default="",
        description="Names under which FLOW is reached, separated by commas; a request for another is refused. "
        "None takes any.",
    )
    web_connections: int = Field(
        default=8, ge=1, le=100, description="Most database connections for pages and API of one web process."
    )
    ingest_connections: int = Field(
        default=2, ge=1, le=20, description="Database connections for event ingest of one web process."
    )
    ingest_queue_events: int = Field(
        default=20_000, ge=500, description="Events that may wait to be stored; more are answered with 503."
    )
    events_per_minute_per_address: int = Field(
        default=12_000, ge=1, description="Events that one address may send in a minute, over all restaurants."
    )
    statement_timeout_ms: int = Field(
        default=8_000, ge=100, description="Longest time in ms that a page's query may take."
    )
    jwt_issuer: str | None = Field(
        default=None,
        description="`iss` of an outside issuer's tokens, e.g. https://<project>.supabase.co/auth/v1; "
        "needs jwt_secret or jwks_url. FLOW's own tokens are accepted beside them.",
    )
    jwt_secret: SecretStr | None = Field(
        default=None, description="HS256 secret (32 bytes or more) that an outside issuer such as Supabase signs with."
    )
    jwks_url: str | None = Field(
        default=None, description="Address of the public keys (JWKS) of an outside issuer such as Supabase."
    )
    country_header: str | None = Field(
        default=None, description="Trusted header with the visitor's country, e.g. CF-IPCountry."
    )
    trusted_proxies: str = Field(
        default="127.0.0.1,::1", description="Addresses of proxies whose X-Forwarded-For is believed."
    )
    allow_headless: bool = Field(
        default=False, description="Count headless browsers as visitors; for tests and demonstrations."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What is worth a line in the log; `info` has one per request."
    )
    demo_logins: tuple[DemoLogin, ...] = Field(
        default=(), description="Log-ins that the log-in page of a demonstration shows, passwords and all; JSON."
    )
    smtp_url: SecretStr | None = Field(
        default=None,
        description="smtp://user:password@host:port, or smtps://…; none puts mails as files into the outbox.",
    )
    mail_from: str = Field(
        default="FLOW <flow@localhost>", description="Sender of mails; its domain should be one you may send for."
    )

    webhook_networks: str = Field(
        default="",
        description="Networks beside the public internet that outgoing webhooks may reach, separated by commas, e.g. "
        "192.168.7.0/24 for a till in the house; there without HTTPS too. None: the public internet alone.",
    )

    provider_simulator: str | None = Field(
        default=None,
        description="Address of `flow providers simulate`: connections that are made in the settings then lead there "
        "and not to the real providers. For demonstrations and tests.",
    )

    @property
    def webhook_network_list(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks in `webhook_networks`; ValueError for what is none."""
        return tuple(ip_network(each.strip()) for each in self.webhook_networks.split(",") if each.strip())

    @property
    def base_url(self) -> str:
        """Address of this installation as people use it, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def is_https(self) -> bool:
        """Whether people reach this installation by HTTPS, be it through a proxy."""
        return self.base_url.startswith("https:")

    @property
    def host_names(self) -> frozenset[str]:
        """The names in `hosts`, in lower case; empty takes any."""
        return frozenset(name.strip().lower() for name in self.hosts.split(",") if name.strip())

    @property
    def trusted_proxy_addresses(self) -> frozenset[str]:
        """The addresses in `trusted_proxies`."""
        return frozenset(address.strip() for address in self.trusted_proxies.split(","))
