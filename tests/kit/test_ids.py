"""UUIDv7: ordered, carrying their time, and read strictly."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.kit.ids import new_id, parse_id, time_of

SINCE_1970 = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def test_ids_sort_in_the_order_they_were_made():
    made = [new_id() for _ in range(20_000)]
    assert all(earlier < later for earlier, later in pairwise(made))


def test_ids_of_one_millisecond_sort_in_the_order_they_were_made():
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    made = [new_id(at) for _ in range(2_000)]
    assert all(earlier < later for earlier, later in pairwise(made))
    assert {at} == {time_of(identifier) for identifier in made}


def test_threads_never_make_the_same_id():
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: new_id(at), range(4_000)))
    assert len(set(made)) == 4_000


def test_an_id_is_a_uuid_of_version_7_and_of_the_usual_variant():
    identifier = new_id()
    assert (type(identifier), identifier.version, identifier.variant) == (UUID, 7, "specified in RFC 4122")


def test_an_id_made_now_holds_the_present_time():
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    assert before <= time_of(new_id()) <= datetime.now(UTC) + timedelta(milliseconds=5)


@given(SINCE_1970)
def test_the_time_of_an_id_is_the_time_it_was_made_for_to_the_millisecond(at):
    assert at.replace(microsecond=at.microsecond // 1000 * 1000) == time_of(new_id(at))


def test_an_old_time_does_not_hold_back_the_ids_made_afterwards():
    new_id(datetime(2020, 1, 1, tzinfo=UTC))
    new_id(datetime(2090, 1, 1, tzinfo=UTC))
    assert abs(time_of(new_id()) - datetime.now(UTC)) < timedelta(seconds=1)


def test_a_time_before_1970_is_refused():
    with pytest.raises(ValueError, match="before 1970"):
        new_id(datetime(1969, 12, 31, tzinfo=UTC))


@pytest.mark.parametrize("identifier", [uuid4(), UUID("ffffffff-ffff-7fff-bfff-ffffffffffff")])
def test_the_time_of_an_id_without_a_sensible_time_is_a_value_error(identifier):
    with pytest.raises(ValueError, match=r"UUIDv7|9999"):
        time_of(identifier)


def test_a_forked_process_makes_other_ids_than_its_parent():
    reader, writer = os.pipe()
    at = datetime(2026, 1, 1, tzinfo=UTC)
    new_id(at)
    child = os.fork()
    if child == 0:
        os.write(writer, new_id(at).bytes)
        os._exit(0)
    os.waitpid(child, 0)
    assert UUID(bytes=os.read(reader, 16)) != new_id(at)
    os.close(reader)
    os.close(writer)


@given(st.uuids())
def test_a_written_id_reads_back_in_either_case(identifier):
    assert identifier == parse_id(str(identifier))
    assert identifier == parse_id(str(identifier).upper())


@pytest.mark.parametrize(
    "text",
    [
        None,
        7,
        "",
        "not-an-id",
        "018bcfe5687b722195d67c8004f3155e",
        "{018bcfe5-687b-7221-95d6-7c8004f3155e}",
        "018bcfe5-687b-7221-95d6-7c8004f3155",
        "018bcfe5-687b-7221-95d6-7c8004f3155g",
        "018bcfe5-687b-7221-95d6-7c8004f3_55e",
        "018bcfe5-687b-7221-95d6-7c8004f3١55e",
        "018bcfe-5687b-7221-95d6-7c8004f3155e",
        " 018bcfe5-687b-7221-95d6-7c8004f315e",
    ],
)
def test_anything_but_the_usual_spelling_is_no_id(text):
    assert None is parse_id(text)


@given(st.text(min_size=36, max_size=36))
def test_reading_an_id_never_raises(text):
    parse_id(text)
