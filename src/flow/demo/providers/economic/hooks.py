"""Hooks that an agreement's superuser has set up: a type, an address, and a template with merge fields."""

from __future__ import annotations

from flow.demo.providers.economic.agreement import Agreement

__all__ = ["run_hook"]

_TEMPLATES = {
    "invoice_booked": '{"type":"invoice.booked","number":"[INVOICENO]"}',
    "customer_updated": '{"type":"customer.updated","old":"[OLDNUMBER]","new":"[NEWNUMBER]"}',
    "product_updated": '{"type":"product.updated","old":"[OLDNUMBER]","new":"[NEWNUMBER]"}',
    "daybook_booked": '{"type":"daybook.booked","daybook":"[DAYBOOKNO]","from":"[FROMSERIALNO]","to":"[TOSERIALNO]"}',
}


def run_hook(agreement: Agreement, kind: str, **fields: object) -> None:
    """Sends a change to the account's address, by its own `templates` or ours; a form if it does not begin as JSON."""
    template = agreement.account.get("templates", {}).get(kind, _TEMPLATES[kind])
    for name, value in fields.items():
        template = template.replace(f"[{name}]", str(value))
    kind_of = "application/json" if template.startswith("{") else "application/x-www-form-urlencoded"
    agreement.world.post.send(agreement.account, kind, template.encode(), content_type=kind_of)
