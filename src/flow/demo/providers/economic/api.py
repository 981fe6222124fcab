"""The addresses of e-conomic's REST API, and what a bookkeeper does."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flow.demo.providers.books import Json
from flow.demo.providers.economic.agreement import Agreement
from flow.demo.providers.economic.errors import Faults, Refused
from flow.demo.providers.economic.hooks import run_hook
from flow.demo.providers.economic.invoices import check_draft, totals
from flow.demo.providers.economic.listing import list_of, number_in_path, shown
from flow.demo.providers.world import Act, Simulated, World

__all__ = ["economic"]

_COLLECTIONS = (
    "customers",
    "products",
    "invoices/drafts",
    "invoices/booked",
    "vat-zones",
    "payment-terms",
    "layouts",
    "customer-groups",
    "product-groups",
    "units",
)
Handler = Callable[[Agreement, Json, Request], tuple[int, Json]]


def economic(world: World) -> Simulated:
    """e-conomic in this world."""
    calls: list[tuple[str, str, Handler]] = [
        ("GET", "/self", _self),
        ("GET", "/customers/{number}/templates/invoice", _template),
        ("POST", "/customers", _add_customer),
        ("POST", "/products", _add_product),
        ("POST", "/invoices/drafts", _add_draft),
        ("PUT", "/invoices/drafts/{number}", _replace_draft),
        ("DELETE", "/invoices/drafts/{number}", _remove_draft),
        ("POST", "/invoices/booked", _book),
    ]
    for collection in _COLLECTIONS:
        calls.append(("GET", f"/{collection}", partial(_list, collection)))
        calls.append(("GET", f"/{collection}/{{number}}", partial(_get, collection)))
    routes = [
        Route(path, partial(_answer, world, handler), methods=[method], name=f"{method} {path}")
        for method, path, handler in calls
    ]
    return Simulated(name="economic", routes=routes, acts=_acts(world))


async def _answer(world: World, handler: Handler, request: Request) -> Response:
    try:
        agreement = Agreement(world, _account(world, request))
        raw = await request.body()
        if raw and not request.headers.get("content-type", "").startswith("application/json"):
            raise Refused(415, "Unsupported media type.")
        # Decimals as they were written: 99.80 has two, and 0.1 + 0.2 would have seventeen.
        body = json.loads(raw, parse_float=Decimal) if raw else {}
        status, made = handler(agreement, body, request)
    except Refused as refused:
        return refused.response()
    except json.JSONDecodeError:
        return Refused(400, "The body is not JSON.", code="E00100").response()
    return JSONResponse(shown(made), status)


def _account(world: World, request: Request) -> Json:
    account = world.accounts.known_by("economic", "grant_token", request.headers.get("x-agreementgranttoken", ""))
    app = request.headers.get("x-appsecrettoken", "")
    if account is None or app != account["credentials"].get("app_secret_token"):
        raise Refused(401, "Access denied.", code="E00000")
    return account


def _self(agreement: Agreement, _: Json, __: Request) -> tuple[int, Json]:
    account = agreement.account
    return 200, {
        "agreementNumber": int(account["number"]) if account["number"].isdigit() else account["number"],
        "company": {"name": account["name"]},
        "settings": {"baseCurrency": "DKK"},
        "self": f"{agreement.world.address}/economic/self",
    }


def _list(collection: str, agreement: Agreement, _: Json, request: Request) -> tuple[int, Json]:
    return 200, list_of(agreement.all(collection), request, f"{agreement.world.address}/economic/{collection}")


def _get(collection: str, agreement: Agreement, _: Json, request: Request) -> tuple[int, Json]:
    return 200, agreement.get(collection, number_in_path(request))


def _template(agreement: Agreement, _: Json, request: Request) -> tuple[int, Json]:
    customer = agreement.get("customers", number_in_path(request))
    recipient = {name: customer[name] for name in ("name", "address", "zip", "city", "country") if name in customer}
    return 200, {
        "currency": customer["currency"],
        "customer": {"customerNumber": customer["customerNumber"]},
        "date": agreement.world.now().date().isoformat(),
        "layout": customer.get("layout", {"layoutNumber": 19}),
        "paymentTerms": customer["paymentTerms"],
        "recipient": {**recipient, "vatZone": customer["vatZone"]},
        "lines": [],
    }


def _add_customer(agreement: Agreement, body: Json, _: Request) -> tuple[int, Json]:
    faults = Faults()
    references = (
        ("customerGroup", "customerGroupNumber", "customer-groups"),
        ("paymentTerms", "paymentTermsNumber", "payment-terms"),
        ("vatZone", "vatZoneNumber", "vat-zones"),
    )
    for name in ("currency", "name"):
        if not body.get(name):
            faults.add(name, "E04300", f"{name} is required.")
    for name, key, collection in references:
        if agreement.find(collection, body.get(name, {}).get(key)) is None:
            faults.add(name, "E04310", f"{name}.{key} is required and must exist.")
    if "customerNumber" in body and agreement.find("customers", body["customerNumber"]) is not None:
        faults.add("customerNumber", "E04320", "The customer number is in use.")
    faults.refuse()
    made = agreement.add("customers", body)
    run_hook(agreement, "customer_updated", OLDNUMBER="", NEWNUMBER=made["customerNumber"])
    return 201, made


def _add_product(agreement: Agreement, body: Json, _: Request) -> tuple[int, Json]:
    faults = Faults()
    number = body.get("productNumber")
    if not isinstance(number, str) or not 1 <= len(number) <= 25:
        faults.add("productNumber", "E04300", "productNumber is required, up to 25 characters.")
    elif agreement.find("products", number) is not None:
        faults.add("productNumber", "E04320", "The product number is in use.")
    if not body.get("name"):
        faults.add("name", "E04300", "name is required.")
    if agreement.find("product-groups", body.get("productGroup", {}).get("productGroupNumber")) is None:
        faults.add("productGroup", "E04310", "productGroup.productGroupNumber is required and must exist.")
    faults.refuse()
    made = agreement.add("products", body)
    run_hook(agreement, "product_updated", OLDNUMBER="", NEWNUMBER=number)
    return 201, made


def _add_draft(agreement: Agreement, body: Json, _: Request) -> tuple[int, Json]:
    check_draft(agreement, body)
    return 201, agreement.add("invoices/drafts", {**body, **totals(agreement, body)})


def _replace_draft(agreement: Agreement, body: Json, request: Request) -> tuple[int, Json]:
    number = agreement.get("invoices/drafts", number_in_path(request))["draftInvoiceNumber"]
    check_draft(agreement, body)
    return 200, agreement.add("invoices/drafts", {**body, **totals(agreement, body), "draftInvoiceNumber": number})


def _remove_draft(agreement: Agreement, _: Json, request: Request) -> tuple[int, Json]:
    gone = agreement.remove("invoices/drafts", number_in_path(request))
    return 200, {"message": "Deleted 1 draft invoice.", "deletedCount": 1, "deletedItems": [gone]}


def _book(agreement: Agreement, body: Json, _: Request) -> tuple[int, Json]:
    number = body.get("draftInvoice", {}).get("draftInvoiceNumber")
    return 201, _booked(agreement, number, body.get("bookWithNumber"))


def _booked(agreement: Agreement, number: object, with_number: int | None = None) -> Json:
    """Books a draft, which cannot be undone."""
    draft = agreement.remove("invoices/drafts", number)
    booked = {name: value for name, value in draft.items() if name not in ("draftInvoiceNumber", "self")}
    booked["remainder"] = booked["grossAmount"]
    if with_number is not None:
        booked["bookedInvoiceNumber"] = with_number
    made = agreement.add("invoices/booked", booked)
    run_hook(agreement, "invoice_booked", INVOICENO=made["bookedInvoiceNumber"])
    return made


def _acts(world: World) -> dict[str, Act]:
    async def book(account: Json, arguments: Json) -> Json:
        """The bookkeeper books a draft: {draft}."""
        try:
            return _booked(Agreement(world, account), arguments["draft"])
        except Refused as refused:
            return {"error": str(refused)}

    async def pay(account: Json, arguments: Json) -> Json:
        """A booked invoice is paid: {invoice}; only a day book tells of it."""
        agreement = Agreement(world, account)
        invoice = agreement.find("invoices/booked", arguments["invoice"])
        if invoice is None:
            return {"error": "There is no such invoice."}
        invoice["remainder"] = 0.0
        run_hook(agreement, "daybook_booked", DAYBOOKNO=1, FROMSERIALNO=1, TOSERIALNO=1)
        return invoice

    return {"book": book, "pay": pay}
