"""The settings page of a restaurant's profile: what it changes, what it refuses, and who may."""

from __future__ import annotations

import pytest

from tests.business.restaurants.conftest import Town

PAGE = "/settings/restaurant"
FORM = {
    "name": "  Pizzeria  Napoli ",
    "cvr": "12 34 56 78",
    "email": "Hello@Napoli.example",
    "phone": "20 12 34 56",
    "address": "Vesterbrogade 1",
    "postal_code": "1620",
    "city": "København V",
    "language": "sv",
    "time_zone": "Europe/Stockholm",
    "business_day_cutoff_hour": "5",
    "financial_year_first_month": "7",
    "delivery_fee": "49.50",
    "free_delivery_from": "",
    "minimum_order": "1,000",
    "status": "paused",
}
SAVED = (
    "Pizzeria Napoli", "12345678", "hello@napoli.example", "+4520123456", "Vesterbrogade 1", "1620", "København V",
    "sv", "Europe/Stockholm", 5, 7, 4950, None, 100_000, "paused",
)  # fmt: skip
COLUMNS = (
    "name, cvr, email, phone, address, postal_code, city, language, time_zone, business_day_cutoff_hour, "
    "financial_year_first_month, delivery_fee, free_delivery_from, minimum_order, status"
)


def _form(town: Town, **changes: str) -> dict[str, str]:
    return {"restaurant": str(town.napoli), **FORM, **changes}


def _profile(town: Town) -> tuple[object, ...]:
    return town.rows(f"select {COLUMNS} from public.restaurants where id = %s", town.napoli)[0]


async def test_what_an_admin_types_is_saved_and_shown_again(town: Town) -> None:
    answer = await town.admin.post(PAGE, data=_form(town))
    page = await town.admin.get(answer.headers["location"])

    assert (303, SAVED) == (answer.status_code, _profile(town))
    assert 'value="49.50"' in page.text
    assert 'value="1,000.00"' in page.text
    assert '<option value="7" selected>July' in page.text


async def test_the_page_sent_back_unchanged_changes_nothing(town: Town) -> None:
    await town.admin.post(PAGE, data=_form(town))
    shown = _form(town, name="Pizzeria Napoli", cvr="12345678", phone="+4520123456", minimum_order="1,000.00")
    before = town.rows("select updated_at from public.restaurants where id = %s", town.napoli)
    await town.admin.post(PAGE, data=shown)

    assert before == town.rows("select updated_at from public.restaurants where id = %s", town.napoli)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", " "),
        ("cvr", "12-34-56-78-90-12-34-56"),
        ("email", "hello"),
        ("phone", "12"),
        ("time_zone", "Europe/Napoli"),
        ("delivery_fee", "free"),
        ("delivery_fee", "1.2.3"),
        ("minimum_order", "-1"),
        ("free_delivery_from", "0.001"),
        ("free_delivery_from", "9" * 30),
    ],
)
async def test_a_fault_is_named_at_its_field_and_nothing_is_saved(town: Town, field: str, typed: str) -> None:
    before = _profile(town)
    answer = await town.admin.post(PAGE, data=_form(town, **{field: typed}))

    assert (422, before) == (answer.status_code, _profile(town))
    assert f'id="{field}-hint"' in answer.text.partition("fault small")[2]
    assert 'value="Vesterbrogade 1"' in answer.text  # what was right is not typed again


@pytest.mark.parametrize(
    ("field", "typed"),
    [("business_day_cutoff_hour", "13"), ("financial_year_first_month", "0"), ("status", "closed"), ("language", "no")],
)
async def test_what_the_page_does_not_offer_is_refused(town: Town, field: str, typed: str) -> None:
    assert 422 == (await town.admin.post(PAGE, data=_form(town, **{field: typed}))).status_code


async def test_html_in_a_field_is_shown_as_text(town: Town) -> None:
    await town.admin.post(PAGE, data=_form(town, city="<script>alert(1)</script>"))

    page = await town.admin.get(PAGE)

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


@pytest.mark.parametrize(
    ("changes", "marks"), [({"time_zone": "Europe/Copenhagen", "business_day_cutoff_hour": "4"}, 0), ({}, 1)]
)
async def test_days_that_begin_elsewhere_are_counted_anew(town: Town, changes: dict[str, str], marks: int) -> None:
    town.rows(
        "insert into public.daily_metrics (restaurant_id, date) values (%s, '2026-01-01') returning date", town.napoli
    )
    await town.admin.post(PAGE, data=_form(town, **changes))

    waiting = town.rows("select date::text, reason from public.stale_days where restaurant_id = %s", town.napoli)
    assert [("2026-01-01", "calendar_changed")] * marks == waiting


async def test_the_audit_log_names_the_fields_and_not_what_is_in_them(town: Town) -> None:
    await town.admin.post(PAGE, data=_form(town))

    ((facts, entry),) = town.rows(
        "select after, to_jsonb(l)::text from public.gdpr_audit_log l where action = 'restaurant_changed'"
    )
    assert "phone" in str(facts)
    assert "20123456" not in str(entry)
    assert "Vesterbrogade" not in str(entry)


async def test_a_closed_restaurant_stays_closed(town: Town) -> None:
    town.rows("update public.restaurants set status = 'closed' where id = %s returning id", town.napoli)
    answer = await town.admin.post(PAGE, data=_form(town, status="active"))

    assert (303, "closed") == (answer.status_code, _profile(town)[-1])


async def test_an_employee_and_another_restaurants_admin_neither_see_nor_change_it(town: Town) -> None:
    before = _profile(town)
    seen = [
        (await each.get(PAGE, params={"restaurant": town.napoli})).status_code
        for each in (town.employee, town.stranger)
    ]
    done = [(await each.post(PAGE, data=_form(town))).status_code for each in (town.employee, town.stranger)]

    assert ([403, 404], [403, 404], before) == (seen, done, _profile(town))
