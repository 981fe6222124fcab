"""The walk reaches every personal column of the catalogue, and the service may do what each rule says."""

from __future__ import annotations

from collections import defaultdict

import pytest

from flow.database.pool import Database
from flow.kit.personal import Erasure
from flow.privacy.catalogue import CATALOGUE
from flow.privacy.rights.tables import Rule
from flow.privacy.rights.walking import read_rules

# Personal columns that erasure reaches in another way than by a rule on their table.
OTHERWISE = {
    "mails": "sealed, named by nobody, and wiped when sent",
    "privacy_request_keys": "deleted when the erasure has ended",
}


@pytest.fixture
async def rules(database: Database) -> list[Rule]:
    async with database.as_service() as transaction:
        return await read_rules(transaction)


async def test_every_table_with_personal_columns_has_a_rule(rules: list[Rule]) -> None:
    reached = {rule.table.name for rule in rules if rule.kind != "text" or rule.deletes or rule.sets}
    personal = {
        name
        for name, entry in CATALOGUE.items()
        if any(column.erasure is not Erasure.KEEP for column in entry.personal)
    }

    assert set() == personal - reached - OTHERWISE.keys()


async def test_every_column_that_must_go_goes_by_some_rule(rules: list[Rule]) -> None:
    goes: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        names = {row.column_name for row in rule.table.columns}
        goes[rule.table.name] |= names if rule.deletes else {each.column for each in rule.sets}
    left = {
        f"{name}.{column.column}"
        for name, entry in CATALOGUE.items()
        for column in entry.personal
        if column.erasure is not Erasure.KEEP and column.column not in goes[name] and name not in OTHERWISE
    }

    assert set() == left


async def test_the_service_may_do_what_each_rule_says(rules: list[Rule]) -> None:
    refused = set()
    for rule in rules:
        may_update = {row.column_name for row in rule.table.columns if row.may_update}
        if rule.deletes and not rule.table.may_be_emptied:
            refused.add(f"{rule.table.name}: delete")
        if not rule.deletes:
            refused |= {f"{rule.table.name}.{each.column}" for each in rule.sets} - {
                f"{rule.table.name}.{column}" for column in may_update
            }

    assert set() == refused


async def test_children_go_before_their_parents(rules: list[Rule]) -> None:
    order = [rule.table.name for rule in rules if rule.kind == "rows"]

    assert order.index("events") < order.index("sessions")
    assert order.index("page_views") < order.index("sessions")
    assert order.index("ai_messages") < order.index("ai_conversations")
