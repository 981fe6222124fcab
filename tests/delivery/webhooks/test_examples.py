"""The examples of the guide do what the guide says: they take FLOW's signatures and nothing else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from flow.delivery.webhooks.keyring import fresh_keys
from flow.delivery.webhooks.signing import signatures

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "webhooks.md"
BODY, TIME = '{"type":"order.created","data":{"name":"Rødgrød æøå"}}', 1_767_225_600
Verify = Callable[[str, Mapping[str, str], str, int], bool]


def _block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def _in_python() -> Verify:
    space: dict[str, Any] = {}
    exec(_block("python"), space)
    return lambda secret, headers, body, now: bool(space["verify"](secret, headers, body.encode(), now))


def _in_another_language(program: str, suffix: str, block: str, call: str) -> Callable[[Path], Verify]:
    def verifier(folder: Path) -> Verify:
        file = folder / f"verify.{suffix}"
        file.write_text(f"{block}\n{call}\n", encoding="utf-8")

        def verify(secret: str, headers: Mapping[str, str], body: str, now: int) -> bool:
            given = json.dumps([secret, headers, body, now])
            ran = subprocess.run([program, file], input=given, capture_output=True, text=True, check=True, timeout=30)
            return ran.stdout.strip() == "true"

        return verify

    return verifier


_NODE_CALL = """
import { readFileSync } from "node:fs";
const [secret, headers, body, now] = JSON.parse(readFileSync(0, "utf8"));
console.log(verify(secret, headers, Buffer.from(body), now));
"""
_PHP_CALL = """
[$secret, $headers, $body, $now] = json_decode(file_get_contents('php://stdin'), true);
echo verify($secret, $headers, $body, $now) ? 'true' : 'false';
"""


@pytest.fixture(params=["python", "node", "php"])
def verify(request: pytest.FixtureRequest, tmp_path: Path) -> Verify:
    program = request.param
    if program != "python" and shutil.which(program) is None:
        pytest.skip(f"{program} is not installed here")
    if program == "python":
        return _in_python()
    if program == "node":
        return _in_another_language("node", "mjs", _block("javascript"), _NODE_CALL)(tmp_path)
    return _in_another_language("php", "php", _block("php"), _PHP_CALL)(tmp_path)


def _headers(*keys: str) -> dict[str, str]:
    signed = signatures(keys, "evt_1", TIME, BODY.encode())
    return {"webhook-id": "evt_1", "webhook-timestamp": str(TIME), "webhook-signature": signed}


def test_an_example_takes_what_flow_signs_in_a_rotation_too(verify: Verify) -> None:
    old, new = fresh_keys(), fresh_keys()
    headers = _headers(new.secret, new.private, old.secret, old.private)

    assert verify(new.secret, headers, BODY, TIME)
    assert verify(old.secret, headers, BODY, TIME + 299)


def test_an_example_refuses_another_body_secret_id_or_time(verify: Verify) -> None:
    keys = fresh_keys()
    headers = _headers(keys.secret)

    assert not verify(keys.secret, headers, BODY + " ", TIME)
    assert not verify(fresh_keys().secret, headers, BODY, TIME)
    assert not verify(keys.secret, headers | {"webhook-id": "evt_2"}, BODY, TIME)
    assert not verify(keys.secret, headers, BODY, TIME + 301)
    assert not verify(keys.secret, headers, BODY, TIME - 301)


def test_an_example_takes_the_published_vector(verify: Verify) -> None:
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= "
        "v2,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }

    assert verify("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", headers, '{"test": 2432232314}', 1614265330)
    wrong = headers | {"webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA="}
    assert not verify("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", wrong, '{"test": 2432232314}', 1614265330)
