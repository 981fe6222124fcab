"""The log as a file on another machine, and the commands that write and use it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flow.cli import app
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.errors import InvalidInput
from flow.privacy.audit.checkpoints import CheckpointKeys
from flow.privacy.audit.export import read_checkpoints
from tests.conftest import SECRET
from tests.privacy.audit.conftest import Attack, write


@pytest.fixture
def environment(installation: Installation, tmp_path: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": installation.admin_url,
        "FLOW_API_DATABASE_URL": installation.api_url,
        "FLOW_WORKER_DATABASE_URL": installation.worker_url,
        "FLOW_HOME": str(tmp_path / "home"),
        "FLOW_SECRET": SECRET.decode(),
    }


def _flow(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(app, ["audit", *arguments], env=environment)


def _run(environment: dict[str, str], *arguments: str) -> Result:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:  # a thread without the test's event loop: the command has its own
        return pool.submit(_flow, environment, *arguments).result()


async def test_an_exported_log_can_be_checked_by_anyone_who_reads_json(
    database: Database, environment: dict[str, str], tmp_path: Path
) -> None:
    await write(database, 4)
    file = tmp_path / "audit.jsonl"
    assert 0 == _run(environment, "export", str(file)).exit_code

    *entries, mark = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    state = hashlib.sha256(b"flow audit chain").digest()
    for entry in entries:
        parts = ["-" if v is None else f"{len(v.encode())}:{v}" for v in entry["fields"].values()]
        digest = hashlib.sha256(",".join(parts).encode()).digest()
        assert entry["entry_hash"] == digest.hex()
        state = hashlib.sha256(state + entry["seq"].to_bytes(8, "big") + digest).digest()
    assert (4, state.hex()) == (mark["seq"], mark["hash"])


async def test_what_was_exported_before_can_be_left_out(
    database: Database, environment: dict[str, str], tmp_path: Path
) -> None:
    await write(database, 4)
    file = tmp_path / "audit.jsonl"
    _run(environment, "export", str(file), "--after", "3")
    assert ["entry", "checkpoint"] == [json.loads(line)["kind"] for line in file.read_text().splitlines()]
    _run(environment, "export", str(file), "--checkpoints-only")
    assert ["checkpoint"] == [json.loads(line)["kind"] for line in file.read_text().splitlines()]


async def test_the_shipped_file_shows_a_log_that_was_cut_off(
    database: Database, environment: dict[str, str], tmp_path: Path, as_owner: Attack
) -> None:
    await write(database, 4)
    file = tmp_path / "audit.jsonl"
    _run(environment, "export", str(file))
    whole = _run(environment, "verify", "--against", str(file))
    assert (0, "4 entries and 1 checkpoints looked at: the log is whole.\n") == (whole.exit_code, whole.stdout)

    as_owner("truncate gdpr_audit_log, app.audit_chain")
    as_owner("update app.audit_head set seq = 0, hash = sha256('flow audit chain')")

    assert 0 == _run(environment, "verify").exit_code
    found = _run(environment, "verify", "--against", str(file))
    assert 1 == found.exit_code
    assert "TRUNCATED link 1" in found.stdout


async def test_the_command_names_the_entry_that_was_changed(
    database: Database, environment: dict[str, str], as_owner: Attack
) -> None:
    await write(database, 3)
    as_owner("update gdpr_audit_log set action = 'other' where id = (select entry_id from app.audit_chain where seq=2)")
    found = _run(environment, "verify")
    assert 1 == found.exit_code
    assert "CHANGED link 2: the entry was changed after it was written (entry " in found.stdout


def test_a_file_of_something_else_is_refused() -> None:
    for text in ("not json", "[]", '{"kind": "checkpoint"}', '{"a": 1}'):
        with pytest.raises(InvalidInput, match="line 1"):
            list(read_checkpoints([text]))


def test_a_changed_checkpoint_of_a_file_is_not_genuine(keys: CheckpointKeys) -> None:
    from tests.privacy.audit.conftest import NOW

    line = {"kind": "checkpoint", "seq": 1, "hash": "00" * 32, "made_at": NOW.isoformat(), "key_id": keys.current_id}
    (mark,) = read_checkpoints([json.dumps({**line, "signature": "00" * 64})])
    assert not keys.is_genuine(mark)
