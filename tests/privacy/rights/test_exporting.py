"""The file that a person gets: everything about them and nobody else, twice, with an index that can be read."""

from __future__ import annotations

import csv
import io
import json
import stat
import zipfile

from tests.privacy.rights.conftest import House
from tests.privacy.rights.subject import EMAIL, PHONE


async def _zip(house: House, kind: str = "access") -> zipfile.ZipFile:
    done = await house.done(kind)  # type: ignore[arg-type]
    assert "completed" == done.status and done.file_name is not None
    return zipfile.ZipFile(house.means.exports / done.file_name)


async def test_every_table_with_rows_of_hers_is_there_as_json_and_csv(house: House) -> None:
    file = await _zip(house)
    stems = {name.removeprefix("json/").removesuffix(".json") for name in file.namelist() if name.startswith("json/")}

    assert {"customers", "orders", "order_items", "payments", "messages", "ai_conversations", "ai_messages"} <= stems
    assert {"sessions", "events", "page_views", "loyalty_points", "channel_attribution", "campaign_sends"} <= stems
    assert stems == {
        name.removeprefix("csv/").removesuffix(".csv") for name in file.namelist() if name.startswith("csv/")
    }
    assert {"index.html", "README.txt"} <= set(file.namelist())


async def test_both_forms_hold_the_same_rows(house: House) -> None:
    file = await _zip(house)
    [order] = json.loads(file.read("json/orders.json"))
    [line] = csv.DictReader(io.StringIO(file.read("csv/orders.csv").decode("utf-8-sig")))

    assert (PHONE, EMAIL, 8900) == (order["customer_phone"], order["customer_email"], order["total"])
    assert (order["id"], "8900") == (line["id"], line["total"])


async def test_nothing_of_another_restaurant_or_guest_is_in_it(house: House) -> None:
    house.execute(
        "insert into public.customers (restaurant_id, id, name, phone) "
        "values (%s, gen_random_uuid(), 'Bo', '+4520999999')",
        house.napoli,
    )
    file = await _zip(house)
    everything = b"".join(file.read(name) for name in file.namelist()).decode()

    assert str(house.tivoli) not in everything
    assert "+4520999999" not in everything


async def test_hashes_and_what_providers_sent_are_left_out(house: House) -> None:
    [order] = json.loads((await _zip(house)).read("json/orders.json"))

    assert set() == {"request_hash", "idempotency_key"} & order.keys()


async def test_the_index_speaks_three_languages_and_links_every_file(house: House) -> None:
    file = await _zip(house)
    index = file.read("index.html").decode()

    assert all(f'<section id="{language}" lang="{language}">' in index for language in ("da", "sv", "en"))
    assert all(f'href="{name}"' in index for name in file.namelist() if name.startswith(("json/", "csv/")))
    assert "Your personal data" in index and "Dine persondata" in index and "Dina personuppgifter" in index


async def test_portability_holds_what_she_provided_and_not_what_was_observed(house: House) -> None:
    names = (await _zip(house, "portability")).namelist()

    assert "json/orders.json" in names and "json/customers.json" in names
    assert "json/sessions.json" not in names and "json/ai_conversations.json" not in names


async def test_the_file_is_for_nobody_else_on_the_machine(house: House) -> None:
    file = await _zip(house)
    assert file.filename is not None
    mode = (house.means.exports / file.filename).stat().st_mode

    assert 0o600 == stat.S_IMODE(mode)


async def test_an_erasure_takes_the_export_with_it(house: House) -> None:
    exported = await house.done("access")
    assert exported.file_name is not None
    path = house.means.exports / exported.file_name
    assert path.exists()

    await house.done("erasure")

    assert not path.exists()
    assert None is (await house.find(exported.id)).subject_hint
