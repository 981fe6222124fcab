"""The binary formats against PostgreSQL itself."""

from __future__ import annotations

import datetime
import json
from typing import Any
from uuid import UUID

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.pq import ExecStatus, Format

from flow.collect.events import rows
from flow.collect.events.rows import Oid
from flow.collect.events.types import instant, microseconds
from flow.database.installation import Installation

_text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
_times = st.integers(-(10**15), 6 * 10**15).map(instant)
_row = st.tuples(
    st.uuids(),
    _times,
    st.booleans(),
    st.none() | st.integers(-(2**31), 2**31 - 1),
    st.none() | st.integers(-(2**15), 2**15 - 1),
    st.integers(-(2**63), 2**63 - 1),
    st.none() | st.floats(width=32, allow_nan=False),
    st.none() | _text,
    st.dates(datetime.date(1900, 1, 1), datetime.date(2200, 1, 1)),
    st.dictionaries(_text, _text, max_size=3),
)
_SELECT = "select a, b, c, d, e, f, g::double precision, h, i, j from t"  # a real is told in few digits
_COLUMNS = (
    *(Oid.UUID, Oid.TIMESTAMPTZ, Oid.BOOLEAN, Oid.INTEGER, Oid.SMALLINT),
    *(Oid.BIGINT, Oid.REAL, Oid.TEXT, Oid.DATE, Oid.JSONB),
)
_often = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _encoded(row: tuple[Any, ...]) -> rows.Row:
    identifier, at, flag, whole, small, big, decimal, text, day, data = row
    return (
        rows.uuid(identifier.bytes),
        rows.timestamp(microseconds(at)),
        rows.boolean(flag),
        rows.integer(whole),
        rows.smallint(small),
        rows.bigint(big),
        rows.real(decimal),
        rows.text(text),
        rows.date(day),
        rows.json_object(json.dumps(data).encode()),
    )


@_often
@given(sent=st.lists(_row, min_size=1, max_size=5))
def test_what_is_copied_or_passed_as_arrays_is_what_comes_back(
    installation: Installation, sent: list[tuple[Any, ...]]
) -> None:
    with psycopg.connect(installation.owner_url) as connection:
        connection.execute(
            "create temporary table t (a uuid, b timestamptz, c boolean, d integer, e smallint, f bigint, g real, "
            "h text, i date, j jsonb)"
        )
        encoded = [_encoded(row) for row in sent]
        stream = rows.copy_stream([len(_COLUMNS).to_bytes(2, "big") + b"".join(row) for row in encoded])
        with connection.cursor().copy("copy t from stdin (format binary)") as copy:
            copy.write(stream)
        assert sent == connection.execute(_SELECT).fetchall()

        connection.execute("truncate t")
        types = [oid.name.lower() for oid in _COLUMNS]
        unnest = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(types, 1))
        result = connection.pgconn.exec_params(
            f"insert into t select * from unnest({unnest})".encode(),
            rows.arrays(_COLUMNS, encoded),
            param_formats=[Format.BINARY] * len(types),
        )
        assert ExecStatus.COMMAND_OK == result.status, result.error_message
        assert sent == connection.execute(_SELECT).fetchall()


@given(sent=_row)
def test_a_row_is_taken_apart_into_its_fields(sent: tuple[Any, ...]) -> None:
    encoded = _encoded(sent)

    assert list(encoded) == list(rows.fields_of(b"".join(encoded)))


@given(at=_times)
def test_times_come_back_as_they_went(at: datetime.datetime) -> None:
    assert at == instant(microseconds(at))


def test_a_parameter_is_a_field_without_its_length() -> None:
    assert UUID(int=7).bytes == rows.parameter(rows.uuid(UUID(int=7).bytes))
