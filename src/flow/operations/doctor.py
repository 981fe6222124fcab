"""`flow doctor`: looks at everything that FLOW stands on, and says how to mend what it finds."""

from __future__ import annotations

import shutil
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import psycopg

from flow.database.bootstrap import check_contract
from flow.database.installation import Installation, installation
from flow.database.migrations import pending
from flow.errors import FlowError
from flow.operations.mail.carriers import SmtpServer, carrier_of
from flow.settings import Settings

_MAX_CLOCK_DIFFERENCE = timedelta(seconds=5)
_MIN_FREE_BYTES = 2 * 1024**3
_WORKER_SILENCE = timedelta(minutes=2)
_CONNECT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `mend` says what to do when it is not well."""

    subject: str
    ok: bool
    says: str
    mend: str | None = None


def examine(settings: Settings) -> list[Finding]:
    """Every finding, in the order in which to mend them. Never raises: what cannot be looked at is a finding."""
    try:
        place = installation(settings)
    except ValueError as error:
        return [
            Finding("settings", False, str(error), "Correct the setting; docs/reference/settings.md lists them all.")
        ]
    database = _database(place)
    inside = [partial(check, place) for check in (_roles, _migrations, _clock, _worker, _post)] if database.ok else []
    outside = [partial(check, settings) for check in (_disk, _mail)]
    return [database, *(_guarded(check) for check in [*inside, *outside])]


def _guarded(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except (psycopg.Error, OSError, FlowError) as error:
        first_line = str(error).strip().splitlines()[0]
        return Finding("check", False, first_line, "Mend what stands above first, then run flow doctor again.")


def _database(place: Installation) -> Finding:
    try:
        with psycopg.connect(place.admin_url, connect_timeout=_CONNECT_SECONDS) as connection:
            version = connection.info.server_version // 10000
    except psycopg.OperationalError as error:
        mend = "Start it with: flow demo" if place.server else "Is DATABASE_URL right, and the server up?"
        return Finding("database", False, str(error).strip().splitlines()[0], mend)
    where = "embedded" if place.server else "outside"
    return Finding("database", True, f"PostgreSQL {version} answers ({where})")


def _roles(place: Installation) -> Finding:
    with psycopg.connect(place.admin_url) as connection:
        faults = check_contract(connection)
    for role, url in (("flow_api", place.api_url), ("flow_worker", place.worker_url)):
        try:
            psycopg.connect(url, connect_timeout=_CONNECT_SECONDS).close()
        except psycopg.OperationalError as error:
            faults.append(f"{role} cannot log in ({str(error).strip().splitlines()[-1]})")
    if faults:
        return Finding("roles", False, "; ".join(faults), "Run: flow migrate")
    return Finding("roles", True, "roles and schema auth are as FLOW needs them; both process roles log in")


def _migrations(place: Installation) -> Finding:
    missing = pending(place.admin_url)
    if missing:
        return Finding("migrations", False, f"{len(missing)} are not applied", "Run: flow migrate")
    return Finding("migrations", True, "all are applied")


def _clock(place: Installation) -> Finding:
    with psycopg.connect(place.admin_url) as connection:
        row = connection.execute("select clock_timestamp()").fetchone()
    difference = abs(datetime.now(UTC) - row[0]) if row else timedelta.max
    if difference > _MAX_CLOCK_DIFFERENCE:
        says = f"this machine and the database differ by {difference.total_seconds():.0f} s"
        return Finding("clock", False, says, "Set both machines' clocks by NTP.")
    return Finding("clock", True, f"agrees with the database within {_MAX_CLOCK_DIFFERENCE.seconds} s")


def _worker(place: Installation) -> Finding:
    with psycopg.connect(place.admin_url) as connection:
        known = connection.execute("select to_regclass('jobs.procrastinate_workers') is not null").fetchone()
        if not known or not known[0]:
            return Finding("worker", False, "the job queue is not installed", "Run: flow migrate")
        row = connection.execute("select max(last_heartbeat) from jobs.procrastinate_workers").fetchone()
    seen = row[0] if row else None
    if seen is None or datetime.now(UTC) - seen > _WORKER_SILENCE:
        return Finding(
            "worker", False, "no worker is running; figures of past days go stale", "Start it with: flow work"
        )
    return Finding("worker", True, f"last sign of life {datetime.now(UTC) - seen} ago".split(".")[0])


def _disk(settings: Settings) -> Finding:
    folder = settings.home if settings.home.exists() else settings.home.resolve().parent
    free = shutil.disk_usage(folder).free
    says = f"{free / 1024**3:.1f} GiB free in {settings.home}"
    if free < _MIN_FREE_BYTES:
        return Finding("disk", False, says, "Free some space: PostgreSQL stops when the disk is full.")
    return Finding("disk", True, says)


def _post(place: Installation) -> Finding:
    with psycopg.connect(place.admin_url) as connection:
        row = connection.execute(
            "select "
            "count(*) filter (where next_attempt_at is not null and created_at < now() - interval '10 minutes'), "
            "count(*) filter (where next_attempt_at is null and sent_at is null) from app.mails"
        ).fetchone()
    late, given_up = row or (0, 0)
    if late or given_up:
        says = f"{late} mails wait for over ten minutes, {given_up} of the last month were given up"
        return Finding("post", False, says, "See the mail server below, and that flow work runs.")
    return Finding("post", True, "no mail waits for long")


def _mail(settings: Settings) -> Finding:
    try:
        carrier = carrier_of(settings)
    except ValueError as error:
        return Finding("mail", False, str(error), "Correct FLOW_SMTP_URL.")
    if not isinstance(carrier, SmtpServer):
        return Finding("mail", True, f"not configured; mails go as files to {settings.home / 'outbox'}")
    connect = smtplib.SMTP_SSL if carrier.is_tls else smtplib.SMTP
    began = time.monotonic()
    try:
        with connect(carrier.host, carrier.port, timeout=_CONNECT_SECONDS) as server:
            server.noop()
    except OSError as error:
        return Finding("mail", False, f"{carrier.host} does not answer: {error}", "Check FLOW_SMTP_URL.")
    return Finding("mail", True, f"{carrier.host} answers in {(time.monotonic() - began) * 1000:.0f} ms")
