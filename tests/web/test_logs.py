"""The log is one JSON object a line, without the text of errors."""

from __future__ import annotations

import json
import logging
import sys

from flow.web.logs import JsonLines


def _line(record: logging.LogRecord) -> dict[str, object]:
    line = json.loads(JsonLines().format(record))
    assert isinstance(line, dict)
    return line


def test_a_line_holds_time_level_message_and_fields() -> None:
    record = logging.LogRecord("flow.web", logging.INFO, __file__, 1, "kept %d", (3,), None)
    record.fields = {"request_id": "x"}
    line = _line(record)

    assert ("info", "flow.web", "kept 3", "x") == (line["level"], line["logger"], line["message"], line["request_id"])
    assert str(line["at"]).endswith("+00:00")


def test_an_error_is_told_by_type_and_place_and_not_by_its_text() -> None:
    try:
        raise ValueError("anna@napoli.example")
    except ValueError:
        record = logging.LogRecord("flow", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    line = _line(record)

    assert ("ValueError", True) == (line["error"], "test_logs.py" in str(line["places"]))
    assert "anna" not in str(line)
