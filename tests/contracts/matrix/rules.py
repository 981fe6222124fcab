"""The rules of the matrix as plain conditions, in other words than the policies': `t` is the row, %(user)s who asks."""

from __future__ import annotations

_OWN_ORDER = (
    "exists (select from public.orders o left join public.customers c "
    "on c.restaurant_id = o.restaurant_id and c.id = o.customer_id "
    "where o.restaurant_id = t.restaurant_id and o.id = t.{column} and %(user)s in (o.user_id, c.user_id))"
)
_OWN_GUEST = (
    "exists (select from public.customers c "
    "where c.restaurant_id = t.restaurant_id and c.id = t.{column} and c.user_id = %(user)s)"
)
_ACTIVE = (
    "exists (select from public.orders o where o.restaurant_id = t.restaurant_id and o.id = t.{column} "
    "and o.status not in ('completed', 'cancelled', 'refunded'))"
)
_CONDITIONS: dict[str, dict[str, str]] = {
    "all": {"": "true"},
    "everyone": {"": "true"},
    "self": {"": "t.user_id = %(user)s"},
    "platform": {"": "t.restaurant_id is null"},
    "open": {"marketing_campaigns": "t.status in ('draft', 'scheduled')", "legal_holds": "t.ended_at is null"},
    "active": {"": _ACTIVE.format(column="order_id"), "orders": _ACTIVE.format(column="id")},
    "own": {
        "": _OWN_ORDER.format(column="order_id"),
        "orders": _OWN_ORDER.format(column="id"),
        "customers": "t.user_id = %(user)s",
        "loyalty_points": _OWN_GUEST.format(column="customer_id"),
        "loyalty_transactions": _OWN_GUEST.format(column="customer_id"),
        "restaurants": "exists (select from public.orders o where o.restaurant_id = t.id and o.user_id = %(user)s)",
    },
}
OF_NO_RESTAURANT = frozenset({"self", "platform", "everyone"})


def condition(rule: str, table: str) -> str:
    """The rows of a table that a rule means."""
    by_table = _CONDITIONS[rule]
    return by_table.get(table) or by_table[""]
