"""A connection of the hot path, when something goes wrong on it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg import errors

from flow.collect.events.connection import Connection, Statement
from flow.database.installation import Installation

_ROW = b"PGCOPY\n\xff\r\n\0" + bytes(8) + b"\0\x01\0\0\0\x04\0\0\0\x01" + b"\xff\xff"
_COPY = b"copy numbers from stdin (format binary)"


@pytest.fixture
async def connection(installation: Installation) -> AsyncIterator[Connection]:
    """Has a temporary table of integers that refuses any number twice."""
    opened = await Connection.open(installation.worker_url)
    await opened.run(b"create temporary table numbers (number integer primary key)")
    await opened.prepare(b"count", b"select count(*) from numbers")
    await opened.prepare(b"nap", b"select pg_sleep(30)")
    yield opened
    await opened.close()


async def _count(connection: Connection) -> int:
    answer = (await connection.pipeline([Statement(b"count")]))[b"count"]
    return int.from_bytes(answer.get_value(0, 0) or b"", "big")


async def test_rows_go_into_one_table_after_another(connection: Connection) -> None:
    await connection.run(b"create temporary table others (number integer)")
    await connection.begin_copy([_COPY, _COPY.replace(b"numbers", b"others")], before=b"begin; ")
    await connection.put_rows(_ROW)
    await connection.put_rows(_ROW)
    await connection.end_copy()
    await connection.run(b"commit")

    assert await _count(connection) == 1


async def test_the_error_of_a_table_is_told_when_the_next_is_due(connection: Connection) -> None:
    await connection.run(b"insert into numbers values (1)")
    await connection.begin_copy([_COPY, _COPY])
    await connection.put_rows(_ROW)
    with pytest.raises(errors.UniqueViolation):
        await connection.put_rows(_ROW)

    assert await _count(connection) == 1


async def test_the_error_of_the_last_table_is_told_at_the_end(connection: Connection) -> None:
    await connection.run(b"insert into numbers values (1)")
    await connection.begin_copy([_COPY])
    await connection.put_rows(_ROW)
    with pytest.raises(errors.UniqueViolation):
        await connection.end_copy()

    assert await _count(connection) == 1


async def test_a_statement_that_fails_keeps_those_after_it_from_running(connection: Connection) -> None:
    await connection.prepare(b"fail", b"select 1 / (count(*) - count(*)) from numbers")
    with pytest.raises(errors.DivisionByZero):
        await connection.pipeline([Statement(b"count"), Statement(b"fail"), Statement(b"nap")])

    assert await _count(connection) == 0


async def test_statements_that_are_sent_together_are_one_transaction(connection: Connection) -> None:
    await connection.prepare(b"add", b"insert into numbers values (1)")
    with pytest.raises(errors.UniqueViolation):
        await connection.pipeline([Statement(b"add"), Statement(b"add")])

    assert not connection.is_in_transaction
    assert await _count(connection) == 0


async def test_what_keeps_them_from_being_committed_is_told(connection: Connection) -> None:
    await connection.run(b"alter table numbers add check_later integer unique deferrable initially deferred")
    await connection.prepare(b"first", b"insert into numbers values (1, 7)")
    await connection.prepare(b"second", b"insert into numbers values (2, 7)")
    with pytest.raises(errors.UniqueViolation):
        await connection.pipeline([Statement(b"first"), Statement(b"second")])

    assert await _count(connection) == 0


async def test_a_connection_that_ends_before_the_commit_is_an_error_though_all_results_are_there(
    connection: Connection,
) -> None:
    await connection.run(
        b"create function pg_temp.hang_up() returns trigger language plpgsql as"
        b" 'begin perform pg_terminate_backend(pg_backend_pid()); return null; end';"
        b" create constraint trigger hang_up after insert on numbers deferrable initially deferred"
        b" for each row execute function pg_temp.hang_up()"
    )
    await connection.prepare(b"add", b"insert into numbers values (1)")
    with pytest.raises(psycopg.OperationalError):
        await connection.pipeline([Statement(b"add"), Statement(b"count")])

    assert not connection.is_open


async def test_a_transaction_that_was_begun_goes_on_after_them(connection: Connection) -> None:
    await connection.prepare(b"add", b"insert into numbers values (1)")
    await connection.run(b"begin")
    await connection.pipeline([Statement(b"add")])
    assert connection.is_in_transaction
    await connection.run(b"rollback")

    assert await _count(connection) == 0


async def test_a_connection_that_the_server_ends_is_an_operational_error(
    connection: Connection, installation: Installation
) -> None:
    running = asyncio.create_task(_nap(connection))
    await asyncio.sleep(0.2)
    with psycopg.connect(installation.admin_url, autocommit=True) as admin:
        admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(30)'")
    with pytest.raises(psycopg.OperationalError):
        await running

    assert not connection.is_open


async def test_a_connection_that_is_cut_is_an_operational_error(connection: Connection) -> None:
    running = asyncio.create_task(_nap(connection))
    await asyncio.sleep(0.2)
    with socket.fromfd(connection._watched, socket.AF_UNIX, socket.SOCK_STREAM) as cut:
        cut.shutdown(socket.SHUT_RDWR)
    with pytest.raises(psycopg.OperationalError):
        await running

    assert not connection.is_open


async def _nap(connection: Connection) -> None:
    """Does not come to its end."""
    await connection.pipeline([Statement(b"count"), Statement(b"nap"), Statement(b"nap"), Statement(b"nap")])
