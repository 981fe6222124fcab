"""The mapping file: what is wrong in it is said before anything is read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from flow.collect.imports.errors import InvalidMapping, UnreadableFile
from flow.collect.imports.mapping import (
    FileSpec,
    Formats,
    LineFields,
    OrderFields,
    built_in_mappings,
    load_mapping,
)
from tests.collect.imports.conftest import FLAT, FLAT_MAPPING, MAPPING, Till


@pytest.mark.parametrize("name", built_in_mappings())
def test_the_mappings_that_come_with_flow_hold(name: str) -> None:
    assert load_mapping(name).files


def test_an_unknown_mapping_names_those_there_are() -> None:
    with pytest.raises(InvalidMapping, match="pizza_place"):
        load_mapping("no-such-mapping")


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('role = "orders"', 'role = "receipts"', "Invalid enum value"),
        ('number = "order"', 'nummer = "order"', "unknown field `nummer`"),
        ('name = "name"', "", "missing required field `name`"),
        ('time = "time"', "", "a date and no time"),
        ('date = "date"', 'date = "date"\nordered_at = "at"', "either ordered_at, or date and time"),
        ('unit_price = "price"', "", "either unit_price or amount"),
        ('source = "till"', 'source = "Till no. 1"', "Expected `str` matching regex"),
        ("[order]", '[formats]\nfactor = "zero"\n[order]', "factor is a number above 0"),
        ('match = "lines*"', 'match = "lines*"\njoin = { sku = "menu" }', "joins 'menu', which is no list"),
        ("[order]", '[files.menu]\nrole = "list"\n[order]', "is a list and needs the key"),
        (
            "[order]",
            '[files.a]\nrole = "list"\nkey = "k"\njoin = { k = "b" }\n'
            '[files.b]\nrole = "list"\nkey = "k"\njoin = { k = "a" }\n[order]',
            "join each other",
        ),
        ("[order]", "[order", "Expected ']'"),
    ],
)
async def test_a_fault_in_the_mapping_is_named(till: Till, was: str, becomes: str, said: str) -> None:
    with pytest.raises(InvalidMapping, match=said.replace("[", r"\[").replace("*", r"\*")):
        await till.run(till.write("orders.csv"), till.write("lines.csv"), mapping=MAPPING.replace(was, becomes))


async def test_a_column_that_is_not_there_is_named_with_those_that_are(till: Till) -> None:
    with pytest.raises(InvalidMapping, match=r"line\.amount: there is no column 'total'; there are receipt, at"):
        await till.run(till.write("sales.csv", FLAT), mapping=FLAT_MAPPING.replace('"amount"', '"total"'))


async def test_a_constant_that_no_order_can_have_is_a_fault_of_the_mapping(till: Till) -> None:
    mapping = FLAT_MAPPING.replace('ordered_at = "at"', 'ordered_at = "at"\nchannel = { value = "fax" }')

    with pytest.raises(InvalidMapping, match=r"order\.channel: “fax” is none of web, app"):
        await till.run(till.write("sales.csv", FLAT), mapping=mapping)


async def test_another_currency_is_refused(till: Till) -> None:
    with pytest.raises(InvalidMapping, match="The files are in USD and Napoli in DKK"):
        await till.run(till.write("sales.csv", FLAT), mapping='currency = "USD"\n' + FLAT_MAPPING)


async def test_an_unknown_time_zone_is_refused(till: Till) -> None:
    with pytest.raises(InvalidMapping, match="there is no time zone 'Europe/Kobenhavn'"):
        await till.run(
            till.write("sales.csv", FLAT), mapping=FLAT_MAPPING + '[formats]\ntime_zone = "Europe/Kobenhavn"'
        )


async def test_files_that_fit_nothing_and_files_that_are_missing_are_named(till: Till) -> None:
    with pytest.raises(UnreadableFile, match=r"customers\.csv fits none"):
        await till.run(till.write("customers.csv"))
    with pytest.raises(UnreadableFile, match=r"not given: lines \(lines\*\)"):
        await till.run(till.write("orders.csv"))


def _examples() -> list[str]:
    guide = Path(__file__).parents[3] / "docs" / "guides" / "import.md"
    return re.findall(r"```toml\n(.*?)```", guide.read_text("utf-8"), re.DOTALL)


def test_the_guides_examples_are_the_mappings_that_come_with_flow() -> None:
    flat, several = (tomllib.loads(example) for example in _examples())
    built_in = {name: tomllib.loads(text) for name, text in built_in_mappings().items()}

    assert built_in["pizza_place"] == several
    assert built_in["order_lines"] == flat


def test_the_guide_explains_every_key() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "guides" / "import.md").read_text("utf-8")
    keys = {key for kind in (FileSpec, Formats, OrderFields, LineFields) for key in kind.__struct_fields__}

    assert set() == {key for key in keys if f"`{key}`" not in guide}
