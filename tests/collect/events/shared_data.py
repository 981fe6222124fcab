"""Real data that lies beside the project and never in it; a test that wants it is skipped where it is absent."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

_WEB = Path(__file__).parents[3].parent / "shared" / "data" / "web"


def load_yaml(name: str) -> Any:
    return yaml.load(_text(name), Loader=yaml.CSafeLoader)


def load_json(name: str) -> Any:
    return json.loads(_text(name))


def _text(name: str) -> str:
    file = _WEB / name
    if not file.exists():
        pytest.skip(f"../shared/data/web/{name} is absent")
    return file.read_text(encoding="utf-8")
