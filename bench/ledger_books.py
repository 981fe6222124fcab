"""Compares what FLOW keeps with what the providers keep; every difference is a line that says where."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import reduce
from typing import Any

import psycopg
from psycopg.rows import dict_row

from flow.collect.providers.wolt_drive.states import further, status_of

Row = dict[str, Any]
Books = dict[str, dict[str, Row]]

_STRIPE = {"succeeded": "completed", "requires_capture": "authorized", "canceled": "cancelled"}
_DISPUTES = {"needs_response": "open", "won": "won", "lost": "lost"}
_WOLT = {
    "production": {"confirmed", "preparing"},
    "ready": {"ready", "delivering"},
    "delivered": {"completed"},
    "rejected": {"cancelled"},
}


def compare(url: str, books: Books) -> tuple[dict[str, int], list[str]]:
    """How many things of each kind the providers have, and everything that differs from FLOW's tables at `url`."""
    stripe, mobilepay = dict(_stripe(books)), dict(_mobilepay(books))
    compared = {
        "card payments": len(stripe),
        "MobilePay payments": len(mobilepay),
        "øre taken": sum(each["captured_amount"] for each in (*stripe.values(), *mobilepay.values())),
        "øre given back": sum(each["refunded_amount"] for each in (*stripe.values(), *mobilepay.values())),
        "Wolt orders": len(books.get("wolt.order", {})),
        "messages in": len(books.get("inmobile.received", {})) + len(books.get("meta.received", {})),
        "messages out": len(books.get("inmobile.outgoing", {})) + len(books.get("meta.sent", {})),
        "couriers": len(books.get("wolt_drive.delivery", {})),
        "disputes": len(books.get("stripe.dispute", {})),
        "failed refunds": sum(each["status"] == "failed" for each in books.get("stripe.refund", {}).values()),
        "invoices": len(_papers(books, is_credit=False)),
        "credit notes": len(_papers(books, is_credit=True)),
        "øre credited": -sum(_ore(each) for each in _papers(books, is_credit=True)),
    }
    with psycopg.connect(url, row_factory=dict_row) as connection:
        return compared, [
            *_payments(connection, "stripe", stripe),
            *_payments(connection, "mobilepay", mobilepay),
            *_refunds(connection, books),
            *_told_refunds(connection, books),
            *_wolt_orders(connection, books),
            *_couriers(connection, books),
            *_incoming(connection, books),
            *_outgoing(connection, books),
            *_invoices(connection, books),
            *_credit_notes(connection, books),
            *_left_over(connection),
        ]


def _stripe(books: Books) -> Iterator[tuple[str, Row]]:
    """Each payment with a reservation at least: what was taken, what went back, how it stands, whether disputed."""
    disputes = {each["payment_intent"]: each["status"] for each in books.get("stripe.dispute", {}).values()}
    for intent in books.get("stripe.payment_intent", {}).values():
        if intent["status"] not in _STRIPE or intent["latest_charge"] is None:
            continue
        charge = books["stripe.charge"][intent["latest_charge"]]
        if charge["status"] != "succeeded":
            continue
        back = charge["amount_refunded"] if charge["captured"] else 0
        standing = _standing(_STRIPE[intent["status"]], intent["amount_received"], back)
        dispute = _DISPUTES.get(disputes.get(intent["id"], ""))
        status = "disputed" if dispute in ("open", "lost") else standing["status"]
        yield intent["id"], {**standing, "status": status, "dispute": dispute}


def _mobilepay(books: Books) -> Iterator[tuple[str, Row]]:
    for payment in books.get("mobilepay.payment", {}).values():
        if not payment["authorized"]:
            continue
        status = "completed" if payment["captured"] else "cancelled" if payment["cancelled"] else "authorized"
        yield payment["reference"], _standing(status, payment["captured"], payment["refunded"])


def _standing(status: str, captured: int, refunded: int) -> Row:
    if captured and refunded:
        status = "refunded" if refunded == captured else "partially_refunded"
    return {"status": status, "captured_amount": captured, "refunded_amount": refunded}


def _payments(connection: psycopg.Connection[Row], provider: str, theirs: dict[str, Row]) -> Iterator[str]:
    rows = connection.execute(
        "select p.*, o.status as order_status, o.total, o.refunded_amount as order_refunded, "
        "(select coalesce(sum(r.amount), 0)::bigint from public.payment_refunds r where r.payment_id = p.id "
        " and r.status = 'succeeded') as refunds "
        "from public.payments p join public.orders o on o.restaurant_id = p.restaurant_id and o.id = p.order_id "
        "where p.provider = %s",
        [provider],
    ).fetchall()
    ours, seen = {row["provider_transaction_id"]: row for row in rows}, set()
    for number, standing in theirs.items():
        seen.add(number)
        row = ours.get(number)
        if row is None:
            yield f"{provider}: {number} is missing in FLOW: {standing}"
            continue
        kept = {name: row[name] for name in standing}
        if kept != standing:
            yield f"{provider}: {number} is {kept}, theirs {standing}"
        if row["order_refunded"] != standing["refunded_amount"]:
            yield f"{provider}: the order of {number} says {row['order_refunded']} went back, theirs {standing}"
        if row["order_status"] == "pending":
            yield f"{provider}: {number} is paid and its order still waits"
    for number, row in ours.items():
        if number not in seen and (row["captured_amount"] or row["status"] == "authorized"):
            yield f"{provider}: {number} has money in FLOW and none at the provider"
    doubled = [number for number, count in Counter(row["provider_transaction_id"] for row in rows).items() if count > 1]
    yield from (f"{provider}: {number} is there twice" for number in doubled if number is not None)


def _wolt_orders(connection: psycopg.Connection[Row], books: Books) -> Iterator[str]:
    rows = connection.execute("select * from public.orders where source = 'wolt'").fetchall()
    ours = {row["external_id"]: row for row in rows}
    if len(ours) != len(rows):
        yield "wolt: an order is there twice"
    theirs = books.get("wolt.order", {})
    yield from (f"wolt: {number} is only in FLOW" for number in ours.keys() - theirs.keys())
    for number, order in theirs.items():
        row = ours.get(number)
        if row is None:
            yield f"wolt: {number} is missing in FLOW ({order['order_status']})"
            continue
        # What Wolt keeps for its own courier is none of the restaurant's.
        if row["subtotal"] - row["discount_amount"] != order["basket_price"]["total"]["amount"]:
            yield f"wolt: {number} is {row['subtotal']} - {row['discount_amount']}, theirs {order['basket_price']}"
        if row["status"] not in _WOLT.get(order["order_status"], {row["status"]}):
            yield f"wolt: {number} is {row['status']}, theirs {order['order_status']}"


def _incoming(connection: psycopg.Connection[Row], books: Books) -> Iterator[str]:
    rows = connection.execute("select body from public.messages where direction = 'incoming'").fetchall()
    ours = Counter(row["body"] for row in rows)
    said = [*books.get("inmobile.received", {}).values(), *books.get("meta.received", {}).values()]
    theirs = Counter(each["text"] for each in said)
    yield from (f"incoming: a message is missing ({count})" for count in (theirs - ours).values())
    yield from (f"incoming: a message is there too often ({count})" for count in (ours - theirs).values())


def _outgoing(connection: psycopg.Connection[Row], books: Books) -> Iterator[str]:
    rows = connection.execute(
        "select id, channel, status, body, contact, provider_message_id from public.messages "
        "where direction = 'outgoing'"
    ).fetchall()
    texts = {row["messageId"]: row["state"] for row in books.get("inmobile.outgoing", {}).values()}
    direct = Counter((row["recipient"], row["text"]) for row in books.get("meta.sent", {}).values())
    for row in rows:
        if row["channel"] != "sms":
            continue
        state = texts.pop(str(row["id"]), None) or texts.pop(str(row["provider_message_id"]), None)
        expected = {1: "delivered", -1: "failed", None: "?"}.get(state, "?")
        if row["status"] != expected:
            yield f"outgoing: SMS {row['id']} is {row['status']}, theirs {expected}"
    yield from (f"outgoing: SMS {number} was sent and FLOW does not know it" for number in texts)
    said = Counter(
        (row["contact"], row["body"]) for row in rows if row["channel"] != "sms" and row["status"] != "failed"
    )
    yield from (f"outgoing: a direct message to {to} never left" for to, _ in (said - direct))
    yield from (f"outgoing: a direct message to {to} went out too often" for to, _ in (direct - said))


def _refunds(connection: psycopg.Connection[Row], books: Books) -> Iterator[str]:
    """Stripe's refunds one by one; MobilePay knows but the sum, which the payment has."""
    rows = connection.execute(
        "select r.* from public.payment_refunds r join public.payments p "
        "on p.restaurant_id = r.restaurant_id and p.id = r.payment_id where p.provider = 'stripe'"
    ).fetchall()
    ours = {row["provider_refund_id"]: row for row in rows if row["provider_refund_id"] is not None}
    for number, theirs in books.get("stripe.refund", {}).items():
        row = ours.pop(number, None)
        if row is None:
            yield f"refund: {number} over {theirs['amount']} is missing in FLOW"
        elif (row["status"], row["amount"]) != (theirs["status"], theirs["amount"]):
            yield f"refund: {number} is {row['status']} over {row['amount']}, theirs {theirs['status']}"
    yield from (f"refund: {number} is only in FLOW" for number in ours)


def _told_refunds(connection: psycopg.Connection[Row], books: Books) -> Iterator[str]:
    """What other systems were told: each refund at Stripe once, with its amount, and never what nobody got."""
    rows = connection.execute(
        "select p.provider, p.provider_transaction_id as number, p.refunded_amount, "
        "(select coalesce(array_agg((e.data ->> 'refund_amount')::bigint), '{}') from public.outbox_events e "
        " where e.restaurant_id = p.restaurant_id and e.object_id = p.order_id and e.event_type = 'order.refunded') "
        "as told from public.payments p where p.provider in ('stripe', 'mobilepay') and p.captured_amount > 0"
    ).fetchall()
    made, failed = _amounts_by_payment(books, is_failed=False), _amounts_by_payment(books, is_failed=True)
    for row in rows:
        told, number = Counter(row["told"]), row["number"]
        if row["provider"] == "mobilepay":
            if sum(row["told"]) != row["refunded_amount"] or min(row["told"], default=1) <= 0:
                yield f"told: {number} had {row['refunded_amount']} paid back, told were {row['told']}"
        # A refund that failed later was made until then; one that was heard of as failed first is told to nobody.
        elif made[number] - told or told - made[number] - failed[number]:
            yield f"told: {number} had {made[number]} and in vain {failed[number]} paid back, told were {row['told']}"


def _amounts_by_payment(books: Books, *, is_failed: bool) -> defaultdict[str, Counter[int]]:
    amounts: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for refund in books.get("stripe.refund", {}).values():
        if (refund["status"] == "failed") == is_failed:
            amounts[refund["payment_intent"]][refund["amount"]] += 1
    return amounts


def _couriers(connection: psycopg.Connection[Row], books: Books) -> Iterator[str]:
    rows = connection.execute(
        "select d.*, o.status as order_status from public.courier_deliveries d "
        "join public.orders o on o.restaurant_id = d.restaurant_id and o.id = d.order_id"
    ).fetchall()
    ours = {str(row["id"]): row for row in rows}
    for theirs in books.get("wolt_drive.delivery", {}).values():
        row = ours.pop(theirs["merchant_order_reference_id"], None)
        if row is None:
            yield f"courier: {theirs['wolt_order_reference_id']} is missing in FLOW"
            continue
        ended = {"cancelled", "rejected"} if theirs["status"] == "REJECTED" else {_furthest(theirs["told"])}
        if row["status"] not in ended or row["reference"] != theirs["wolt_order_reference_id"]:
            yield f"courier: {row['id']} is {row['status']}, theirs {theirs['status']} {theirs['told']}"
        if (row["price"], row["currency"]) != (theirs["price"]["amount"], theirs["price"]["currency"]):
            yield f"courier: {row['id']} costs {row['price']}, theirs {theirs['price']}"
        if row["status"] == "delivered" and row["order_status"] not in ("completed", "refunded", "cancelled"):
            yield f"courier: {row['id']} was delivered, its order is {row['order_status']}"
    yield from (
        f"courier: {number} is {row['status']} in FLOW and unknown at Wolt"
        for number, row in ours.items()
        if row["status"] != "cancelled"
    )


def _furthest(told: list[str]) -> str:
    """The status that follows from all that was told."""
    statuses = [status for event in told if (status := status_of(event)) is not None]
    return reduce(further, statuses, statuses[0])


def _invoices(connection: psycopg.Connection[Row], books: Books) -> Iterator[str]:
    rows = connection.execute(
        "select d.*, o.total from public.invoice_drafts d "
        "join public.orders o on o.restaurant_id = d.restaurant_id and o.id = d.order_id"
    ).fetchall()
    yield from _held_against(
        "invoice", {str(row["order_id"]): (row, row["total"]) for row in rows}, _papers(books, is_credit=False)
    )
    missing = connection.execute(
        "select count(*) as count from public.orders o where o.status = 'completed' and o.source = 'flow' "
        "and o.total > o.refunded_amount and not exists (select from public.invoice_drafts d where d.order_id = o.id)"
    ).fetchone()
    if missing and missing["count"]:
        yield f"invoice: {missing['count']} completed orders have none"


def _credit_notes(connection: psycopg.Connection[Row], books: Books) -> Iterator[str]:
    rows = connection.execute("select * from public.invoice_credits").fetchall()
    papers = _papers(books, is_credit=True)
    ours = {f"{row['order_id']}:credit:{row['number']}": (row, -row["amount"]) for row in rows}
    yield from _held_against("credit note", ours, papers)
    credited: Counter[str] = Counter()
    for paper in papers:
        credited[_reference(paper).partition(":")[0]] -= _ore(paper)
    for row in connection.execute(
        "select o.id, o.refunded_amount from public.orders o join public.invoice_drafts d "
        "on d.restaurant_id = o.restaurant_id and d.order_id = o.id"
    ).fetchall():
        if credited[str(row["id"])] != row["refunded_amount"]:
            yield f"credit note: {row['refunded_amount']} of {row['id']} went back, {credited[str(row['id'])]} credited"


def _held_against(kind: str, ours: dict[str, tuple[Row, int]], papers: list[Row]) -> Iterator[str]:
    """What FLOW keeps of papers, and what they have to come to, against those that are there."""
    theirs = {_reference(paper): paper for paper in papers}
    if len(theirs) != len(papers):
        yield f"{kind}: {len(papers) - len(theirs)} are there twice"
    for reference, (row, due) in ours.items():
        paper = theirs.pop(reference, None)
        if paper is None:
            yield f"{kind}: {reference} is {row['status']} and not there"
        elif not row["gross"] == due == _ore(paper):
            yield f"{kind}: {reference} over {row['gross']} instead of {due}, theirs {paper['grossAmount']}"
        elif (number := paper.get("bookedInvoiceNumber")) != row["booked_number"]:
            yield f"{kind}: {reference} is booked as {row['booked_number']}, theirs {number}"
        elif number is None and paper["draftInvoiceNumber"] != row["draft_number"]:
            yield f"{kind}: {reference} is draft {row['draft_number']}, theirs {paper['draftInvoiceNumber']}"
    yield from (f"{kind}: {reference} is there and FLOW does not know it" for reference in theirs)


def _papers(books: Books, *, is_credit: bool) -> list[Row]:
    """Drafts and booked ones: invoices, or credit notes."""
    tables = [table for name, table in books.items() if name.startswith("economic.invoices/")]
    return [each for table in tables for each in table.values() if (":credit:" in _reference(each)) == is_credit]


def _reference(paper: Row) -> str:
    return str(paper["references"]["other"]).removeprefix("flow:")


def _ore(paper: Row) -> int:
    return round(paper["grossAmount"] * 100)


def _left_over(connection: psycopg.Connection[Row]) -> Iterator[str]:
    for row in connection.execute(
        "select provider, event_type, status, reason, count(*) as count from public.webhook_inbox "
        "where status in ('received', 'parked') group by 1, 2, 3, 4"
    ).fetchall():
        yield f"inbox: {row}"
    for row in connection.execute(
        "select provider, kind, status, max(last_error) as error, count(*) as count from public.provider_calls "
        "where status in ('queued', 'failed') group by 1, 2, 3"
    ).fetchall():
        yield f"calls: {row}"
