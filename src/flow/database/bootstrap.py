"""Prepares a database for FLOW: roles, schema auth, log-ins. On Supabase it only checks the contract.

An administrator runs it once per database; running it again changes nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from importlib import resources

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from flow.errors import FlowError

LOGIN_ROLES = ("flow_owner", "flow_api", "flow_worker")
_ON_SUPABASE = """
select to_regrole('supabase_admin') is not null
   and to_regrole('supabase_auth_admin') is not null
   and exists (
       select from pg_class c join pg_roles r on r.oid = c.relowner
       where c.oid = to_regclass('auth.users') and r.rolname = 'supabase_auth_admin')
"""


class BootstrapFailed(FlowError):
    """The database is not what FLOW needs."""

    code = "bootstrap_failed"


def bootstrap(admin_url: str, secret: bytes, *, flavour: str = "auto") -> str:
    """Prepares the database at `admin_url`; answers its flavour, `plain` or `supabase`.

    Raises BootstrapFailed with every fault that is left, in words.
    """
    with psycopg.connect(admin_url, autocommit=True) as connection:
        found = detect(connection) if flavour == "auto" else flavour
        if found == "plain":
            _prepare_plain(connection, secret)
        faults = check_contract(connection)
    if faults:
        raise BootstrapFailed("The database is not what FLOW needs: " + "; ".join(faults))
    return found


def detect(connection: psycopg.Connection) -> str:
    """`supabase` if the database is a Supabase project, else `plain`."""
    row = connection.execute(_ON_SUPABASE).fetchone()
    return "supabase" if row and row[0] else "plain"


def check_contract(connection: psycopg.Connection) -> list[str]:
    """Every point in which the database is not what FLOW needs; empty when all is well."""
    return [str(row[0]) for row in connection.execute(_sql_file("contract.sql")).fetchall()]


def enable_logins(admin_url: str, secret: bytes) -> None:
    """Lets flow_api and flow_worker (made by the migrations) log in, with derived passwords and time-outs."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        for role in ("flow_api", "flow_worker"):
            _set_login(connection, role, secret)
            for setting, value in (("lock_timeout", "5s"), ("idle_in_transaction_session_timeout", "60s")):
                statement = sql.SQL("alter role {} set {} = {}")
                connection.execute(statement.format(sql.Identifier(role), sql.Identifier(setting), value))
        # The queue's library names no schema in its statements.
        connection.execute("alter role flow_worker set search_path = public, jobs")


def role_url(admin_url: str, role: str, secret: bytes) -> str:
    """Address with which `role` logs in to the same database."""
    return make_conninfo(admin_url, user=role, password=role_password(secret, role))


def role_password(secret: bytes, role: str) -> str:
    """The role's password: derived from the installation's secret, so that none has to be kept."""
    return hmac.new(secret, f"database-role:{role}".encode(), hashlib.sha256).hexdigest()


def _prepare_plain(connection: psycopg.Connection, secret: bytes) -> None:
    try:
        connection.execute(_sql_file("bootstrap.sql"))
    except psycopg.errors.InsufficientPrivilege as error:
        raise BootstrapFailed(
            f"Bootstrap needs an administrator of the server: {error.diag.message_primary}"
        ) from error
    _set_login(connection, "flow_owner", secret)
    database = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("grant all on database {} to flow_owner").format(database))
    connection.execute("grant all on schema public to flow_owner")


def _set_login(connection: psycopg.Connection, role: str, secret: bytes) -> None:
    # Hashed here, so that the password itself never reaches the server's log.
    password = role_password(secret, role).encode()
    hashed = connection.pgconn.encrypt_password(password, role.encode(), b"scram-sha-256").decode()
    connection.execute(sql.SQL("alter role {} with login password {}").format(sql.Identifier(role), hashed))


def _sql_file(name: str) -> bytes:
    return resources.files(__package__).joinpath(name).read_bytes()
