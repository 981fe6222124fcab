"""One guest with rows in every table of a restaurant, and her contacts written into every text that may hold them."""

from __future__ import annotations

import re
from importlib import resources
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from flow.privacy.catalogue import CATALOGUE, Key
from flow.privacy.catalogue.types import Sensitivity
from tests.connections import kept_connection

PHONE, EMAIL, NAME = "+4520123456", "anna.hansen@example.com", "Anna Hansen"
MENTIONS = "see Anna Hansen, 20 12 34 56 or Anna.Hansen@Example.com"
_TEXTS = """
select n.nspname, c.relname, a.attname, t.typname
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
join pg_type t on t.oid = a.atttypid
left join pg_index i on i.indrelid = c.oid and i.indisprimary
where n.nspname in ('public', 'app') and c.relkind in ('r', 'p') and not c.relispartition
  and t.typname in ('text', 'jsonb') and not coalesce(a.attnum = any (i.indkey), false)
order by 1, 2, 3
"""


def fill(url: str, restaurant: UUID) -> int:
    """Puts her into every table; answers how many columns hold her name or contacts in passing."""
    _run(url, "tests.contracts", "world.sql", restaurant)
    _run(url, "tests.privacy.rights", "link.sql", restaurant)
    return _mention(url, restaurant)


def _run(url: str, package: str, file: str, restaurant: UUID) -> None:
    text = resources.files(package).joinpath(file).read_text()
    ids: dict[str, UUID] = {"restaurant": restaurant}

    def literal(match: re.Match[str]) -> str:
        return f"'{ids.setdefault(match[1], uuid4())}'::uuid"

    with kept_connection(url) as connection:
        connection.execute(re.sub(r"(?<!:):([a-z]+)", literal, text).encode())


def _mention(url: str, restaurant: UUID) -> int:
    """Adds her to every text column that takes it; a key, a choice or what is read-only is left as it was."""
    mentioned = 0
    with kept_connection(url) as connection:
        for schema, table, column, kind in connection.execute(_TEXTS.encode()).fetchall():
            entry = CATALOGUE[table]
            is_things = entry.sensitivity is Sensitivity.NONE or column in entry.about_things
            leads = any(each.column == column and each.key is not Key.TEXT for each in entry.subject_columns)
            if (
                leads
                or is_things
                or column.endswith(("_hash", "name"))
                or not _has_restaurant(connection, schema, table)
            ):
                continue
            value = "%s" if kind == "text" else "jsonb_build_object('note', %s::text, 'call', 4520123456)"
            statement = sql.SQL("update {}.{} set {} = " + value + " where restaurant_id = %s").format(
                sql.Identifier(schema), sql.Identifier(table), sql.Identifier(column)
            )
            try:
                mentioned += connection.execute(statement, [MENTIONS, restaurant]).rowcount > 0
            except (psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege, psycopg.errors.DataError):
                continue
    return mentioned


def _has_restaurant(connection: psycopg.Connection, schema: str, table: str) -> bool:
    return (
        connection.execute(
            "select from pg_attribute where attrelid = format('%%I.%%I', %s::text, %s::text)::regclass "
            "and attname = 'restaurant_id' and not attisdropped",
            [schema, table],
        ).fetchone()
        is not None
    )
