"""Every column that says something about a person has an owner in a privacy.py, and every owner's column exists."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import psycopg
import pytest

import flow
from flow.database.installation import Installation
from flow.kit.personal import Erasure, PersonalColumn

ROOT = Path(flow.__file__).parent
PERSONAL = re.compile(
    r"(^|_)(email|phone|cvr|address|postal_code|city|name|notes|visitor_id|session_id|user_id|customer_id|changed_by"
    r"|created_by|performed_by|raw|context|event_data|page_url|page_title|referrer|landing_page|exit_page|element_text"
    r"|provider_response|card_last_four|card_brand|password_hash|device|touchpoint_path|subject|before|after|details)$"
)
# Named like a person's, but about a thing: a dish, a restaurant, an event, a file.
ABOUT_THINGS = {
    "restaurants",
    "products",
    "product_option_groups",
    "product_options",
    "site_keys",
    "imports",
    "role_permissions",
    "ai_intents",
    "integration_configs",
    "webhook_logs.webhook_name",
    "api_logs.api_name",
    "system_logs.function_name",
    "marketing_campaigns.name",
    "marketing_campaigns.subject",
    "builder_configs.name",
    "order_items.product_name",
    "events.event_name",
    "rejected_events.event_name",
    "import_errors.file",
    "api_keys.name",
    "daily_metrics.orders_phone",
}


def _declared() -> list[PersonalColumn]:
    modules = (file.relative_to(ROOT).with_suffix("") for file in sorted(ROOT.rglob("privacy.py")))
    return [
        column
        for module in modules
        for column in importlib.import_module(".".join(("flow", *module.parts))).PERSONAL_COLUMNS
    ]


def _columns(installation: Installation) -> set[tuple[str, str]]:
    with psycopg.connect(installation.owner_url) as connection:
        rows = connection.execute(
            "select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid "
            "where c.relnamespace in ('public'::regnamespace, 'app'::regnamespace) and c.relkind in ('r', 'p') "
            "and not c.relispartition and a.attnum > 0 and not a.attisdropped"
        ).fetchall()
    return {(table, column) for table, column in rows}


def test_every_personal_column_has_an_owner(installation: Installation) -> None:
    declared = {(column.table, column.column) for column in _declared()}
    personal = {
        (table, column)
        for table, column in _columns(installation)
        if PERSONAL.search(column) and not {table, f"{table}.{column}"} & ABOUT_THINGS
    }

    assert set() == personal - declared


def test_every_declared_column_exists_once(installation: Installation) -> None:
    declared = [(column.table, column.column) for column in _declared()]

    assert set() == set(declared) - _columns(installation)
    assert len(declared) == len(set(declared))


def test_a_kept_column_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="needs a reason"):
        PersonalColumn("orders", "customer_name", "guest", Erasure.KEEP)
