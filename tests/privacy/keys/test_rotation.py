"""Changing the secret: everything opens with the new one alone, also after a killed run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from flow.access.resets import service as resets
from flow.access.second_factor import service as second_factor
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.ids import new_id
from flow.kit.secrets import SecretBox
from flow.operations.mail import service as mail
from flow.privacy.keys import rotation
from flow.privacy.keys.columns import SEALED_COLUMNS, SealedColumn
from flow.privacy.keys.rotation import Rotated, rotate
from flow.privacy.rights import persons
from tests.conftest import SECRET
from tests.connections import kept_connection

NEW = b"the secret after the change, of 32 bytes"
MAILS = next(column for column in SEALED_COLUMNS if column.table == "app.mails")


def _seal_mails(installation: Installation, count: int, *, box: SecretBox | None = None) -> list[UUID]:
    box = box or SecretBox([SECRET])
    ids = [new_id() for _ in range(count)]
    with psycopg.connect(installation.owner_url) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "insert into app.mails (id, sealed, kind, created_at) values (%s, %s, 'reset', now())",
            [(each, box.seal(f"letter {each}".encode(), f"mail:{each}")) for each in ids],
        )
    return ids


def _opened(installation: Installation, box: SecretBox) -> dict[UUID, bytes]:
    with kept_connection(installation.owner_url) as connection:
        rows = connection.execute("select id, sealed from app.mails where sealed is not null").fetchall()
    return {key: box.open(bytes(value), f"mail:{key}") for key, value in rows}


async def _rotate(database: Database, box: SecretBox, *columns: SealedColumn) -> list[Rotated]:
    return [done async for done in rotate(database, box, columns=columns or SEALED_COLUMNS)]


async def test_every_value_opens_with_the_new_secret_alone_afterwards(
    installation: Installation, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "_BATCH", 7)
    ids = _seal_mails(installation, 30)

    done = await _rotate(database, SecretBox([NEW, SECRET]), MAILS)

    assert [Rotated("app.mails.sealed", 30, 0)] == done
    assert {each: f"letter {each}".encode() for each in ids} == _opened(installation, SecretBox([NEW]))


async def test_a_second_run_finds_nothing_to_do(installation: Installation, database: Database) -> None:
    _seal_mails(installation, 3)
    box = SecretBox([NEW, SECRET])
    await _rotate(database, box)
    assert all(done.sealed == 0 for done in await _rotate(database, box))


async def test_a_value_of_an_unknown_secret_is_counted_and_left_alone(
    installation: Installation, database: Database
) -> None:
    (lost,) = _seal_mails(installation, 1, box=SecretBox([b"a secret that nobody remembers, alas"]))
    (known,) = _seal_mails(installation, 1)

    done = await _rotate(database, SecretBox([NEW, SECRET]), MAILS)

    assert [Rotated("app.mails.sealed", 1, 1)] == done
    with kept_connection(installation.owner_url) as connection:
        row = connection.execute("select sealed from app.mails where id = %s", [lost]).fetchone()
    assert row is not None
    assert b"letter" in SecretBox([b"a secret that nobody remembers, alas"]).open(bytes(row[0]), f"mail:{lost}")
    assert known != lost


async def test_every_column_of_the_registry_can_be_sealed_anew_by_the_service(database: Database) -> None:
    done = await _rotate(database, SecretBox([NEW, SECRET]))
    assert {column.name for column in SEALED_COLUMNS} == {each.column for each in done}


def test_every_sealed_column_of_the_schema_is_in_the_registry(installation: Installation) -> None:
    with kept_connection(installation.owner_url) as connection:
        rows = connection.execute(
            "select table_schema || '.' || table_name || '.' || column_name from information_schema.columns "
            "where table_schema in ('public', 'app') and data_type = 'bytea' "
            "and (column_name ~ 'sealed' or column_name ~ 'encrypted')"
        ).fetchall()
    assert {str(row[0]) for row in rows} == {column.name for column in SEALED_COLUMNS}


def test_a_run_killed_in_the_middle_is_finished_by_the_next(installation: Installation, tmp_path: Path) -> None:
    count = 6_000
    _seal_mails(installation, count)
    with psycopg.connect(installation.owner_url, autocommit=True) as watch:
        with _run(installation, tmp_path) as process:
            while (done := _current(watch)) == 0 and process.poll() is None:
                time.sleep(0.002)
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        assert 0 < done
        assert _current(watch) < count, "the run ended before it was killed"
        assert count == len(_opened(installation, SecretBox([NEW, SECRET])))  # nothing was lost or half written

        with _run(installation, tmp_path) as process:
            assert 0 == process.wait(60)
        assert count == _current(watch)
    assert count == len(_opened(installation, SecretBox([NEW])))


def _current(connection: psycopg.Connection) -> int:
    row = connection.execute(
        "select count(*) from app.mails where substring(sealed from 1 for 9) = %s", [SecretBox([NEW]).current_head]
    ).fetchone()
    assert row is not None
    return int(row[0])


@contextmanager
def _run(installation: Installation, home: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        "DATABASE_URL": installation.admin_url,
        "FLOW_API_DATABASE_URL": installation.api_url,
        "FLOW_WORKER_DATABASE_URL": installation.worker_url,
        "FLOW_HOME": str(home),
        "FLOW_SECRET": NEW.decode(),
        "FLOW_OLD_SECRETS": f'["{SECRET.decode()}"]',
    }
    with subprocess.Popen(
        [sys.executable, "-m", "flow", "keys", "rotate"], env={**os.environ, **environment}
    ) as process:
        yield process


def test_the_registry_names_the_contexts_in_which_the_modules_seal() -> None:
    key = new_id()
    contexts = {column.name: column.context_of((key,)) for column in SEALED_COLUMNS if len(column.key) == 1}
    assert {
        "public.user_2fa_settings.secret_sealed": second_factor._context(key),
        "app.mails.sealed": mail._context(key),
        "app.password_resets.email_sealed": resets.context(str(key)),
        "public.privacy_requests.sealed": persons._context(key),
    } == contexts
