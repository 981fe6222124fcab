"""A small restaurant whose every row a test writes itself, by local time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from psycopg.types.json import Jsonb

from flow.analytics.facts.types import Restaurant
from flow.kit.ids import new_id
from tests.factories import make_restaurant


class World:
    """Writes rows of one restaurant as the owner of the database."""

    def __init__(
        self, url: str, name: str = "Napoli", *, currency: str = "DKK", time_zone: str = "Europe/Copenhagen"
    ) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        self.restaurant = make_restaurant(url, name, currency=currency, time_zone=time_zone)
        self.zone = ZoneInfo(time_zone)
        self.profile = Restaurant(self.restaurant, name, currency, time_zone, 4, is_simulated=False)
        self._numbers = count(1)
        self._months: set[tuple[str, date]] = set()

    def close(self) -> None:
        self.connection.close()

    def at(self, local: str) -> datetime:
        """`2026-06-19 18:30` on the restaurant's wall."""
        return datetime.fromisoformat(local).replace(tzinfo=self.zone).astimezone(UTC)

    def customer(self) -> UUID:
        return self._insert("customers", id=new_id(), phone=f"+45{20_000_000 + next(self._numbers)}")

    def product(self, name: str, *, price: int = 10000, category: str = "Pizza", sku: str | None = None) -> UUID:
        return self._insert("products", id=new_id(), name=name, price=price, category=category, sku=sku)

    def order(
        self,
        local: str,
        subtotal: int = 10000,
        *,
        lines: Sequence[tuple[UUID | None, int, int]] = (),
        touch: tuple[str, str] | None = None,
        **columns: object,
    ) -> UUID:
        """An order; `lines` are (product, quantity, unit price) and make the subtotal; `touch` is (first, last)."""
        at = self.at(local)
        subtotal = sum(quantity * price for _, quantity, price in lines) or subtotal
        order = new_id()
        discount, fee = int(str(columns.get("discount_amount", 0))), int(str(columns.get("delivery_fee", 0)))
        self._insert(
            "orders",
            id=order,
            order_number=next(self._numbers),
            subtotal=subtotal,
            total=subtotal - discount + fee,
            currency=columns.pop("currency", self.profile.currency),
            created_at=at,
            **columns,
        )
        for product, quantity, price in lines:
            self._insert(
                "order_items",
                id=new_id(),
                order_id=order,
                product_id=product,
                product_name="Dish",
                product_category=self._category(product),
                unit_price=price,
                quantity=quantity,
                line_total=price * quantity,
                created_at=at,
            )
        if touch:
            self._insert(
                "channel_attribution", order_id=order, first_touch_channel=touch[0], last_touch_channel=touch[1]
            )
        return order

    def session(self, local: str, *, seconds: int = 60, visitor: UUID | None = None, **columns: object) -> UUID:
        session = new_id()
        at = self.at(local)
        self._insert(
            "sessions",
            session_id=session,
            visitor_id=visitor or new_id(),
            started_at=at,
            ended_at=datetime.fromtimestamp(at.timestamp() + seconds, UTC),
            **columns,
        )
        return session

    def page_view(self, local: str, session: UUID, path: str | None = "/", **columns: object) -> UUID:
        at = self.at(local)
        self.need_month("page_views", at)
        return self._insert("page_views", id=new_id(), entered_at=at, session_id=session, page_path=path, **columns)

    def event(self, local: str, session: UUID, name: str, **data: object) -> UUID:
        at = self.at(local)
        self.need_month("events", at)
        return self._insert(
            "events",
            id=new_id(),
            timestamp=at,
            session_id=session,
            event_name=name,
            event_category="ecommerce",
            event_data=Jsonb({key: str(value) for key, value in data.items()}),
        )

    def mark(self, day: str, reason: str = "order_placed") -> None:
        self.connection.execute(
            "insert into public.stale_days (restaurant_id, date, reason) values (%s, %s, %s)",
            [self.restaurant, date.fromisoformat(day), reason],
        )

    def update(self, table: str, row: UUID, **columns: object) -> None:
        assignments = ", ".join(f"{name} = %({name})s" for name in columns)
        self.connection.execute(
            f"update public.{table} set {assignments} where restaurant_id = %(restaurant)s and id = %(row)s",
            {**columns, "restaurant": self.restaurant, "row": row},
        )

    def rows(self, query: str, *parameters: object) -> list[tuple[object, ...]]:
        """Rows of a query whose first parameter is the restaurant."""
        return self.connection.execute(query, [self.restaurant, *parameters]).fetchall()

    def _category(self, product: UUID | None) -> str | None:
        found = self.rows("select category from public.products where restaurant_id = %s and id = %s", product)
        return str(found[0][0]) if found else None

    def need_month(self, table: str, at: datetime) -> None:
        """Makes the partition of this time, unless it was made: all of a year take longer than most tests."""
        month = at.astimezone(UTC).date().replace(day=1)
        if (table, month) not in self._months:
            self._months.add((table, month))
            self.connection.execute("select app.make_partitions(%s, %s, %s)", [table, month, month])

    def _insert(self, table: str, **columns: object) -> UUID:
        names = ", ".join(("restaurant_id", *columns))
        places = ", ".join(["%s"] * (len(columns) + 1))
        self.connection.execute(
            f"insert into public.{table} ({names}) values ({places})",
            [self.restaurant, *columns.values()],
        )
        key = columns.get("id") or columns.get("session_id") or columns.get("order_id")
        assert isinstance(key, UUID)
        return key
