"""COPY in binary form, one dataclass per table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from operator import attrgetter
from typing import TypeVar

from psycopg import sql

from flow.business.customers.types import Customer
from flow.business.loyalty.types import LoyaltyPoints, LoyaltyTransaction
from flow.business.menu.types import Product, ProductOption, ProductOptionGroup, ProductPrice
from flow.business.orders.types import Attribution, DiscountCode, Order, OrderItem, StatusChange
from flow.business.payments.types import Payment
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

_queries = load_queries(__package__)
Row = TypeVar("Row")

TABLES: dict[type, str] = {
    Product: "products",
    ProductPrice: "product_prices",
    ProductOptionGroup: "product_option_groups",
    ProductOption: "product_options",
    DiscountCode: "discount_codes",
    Customer: "customers",
    Order: "orders",
    OrderItem: "order_items",
    Payment: "payments",
    StatusChange: "order_status_changes",
    Attribution: "channel_attribution",
    LoyaltyPoints: "loyalty_points",
    LoyaltyTransaction: "loyalty_transactions",
}
_TEXT, _BPCHAR = 25, 1042


async def copy_rows(transaction: Transaction, row: type[Row], rows: Iterable[Row]) -> int:
    """Stores rows of one dataclass in its table and answers how many; needs a service transaction.

    All or none: a row that breaks a constraint raises psycopg.IntegrityError, and nothing of the copy stays.
    """
    columns = [field.name for field in fields(row)]  # type: ignore[arg-type]
    types = await _types(transaction, TABLES[row], columns)
    values = attrgetter(*columns)
    count = 0
    async with (
        transaction.connection.cursor() as cursor,
        cursor.copy(_statement(TABLES[row], columns)) as copy,
    ):
        copy.set_types(types)
        for each in rows:
            await copy.write_row(values(each))
            count += 1
    return count


async def _types(transaction: Transaction, table: str, columns: list[str]) -> list[int]:
    known = dict(await transaction.tuples(_queries.column_types, table_name=f"public.{table}"))
    # Padded text travels as text does.
    return [_TEXT if known[column] == _BPCHAR else known[column] for column in columns]


def _statement(table: str, columns: list[str]) -> sql.Composed:
    return sql.SQL("copy {table} ({columns}) from stdin (format binary)").format(
        table=sql.Identifier("public", table), columns=sql.SQL(", ").join(map(sql.Identifier, columns))
    )
