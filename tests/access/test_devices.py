"""Browsers in words."""

from __future__ import annotations

import pytest

from flow.access.devices import device_words

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [(FIREFOX, "Firefox · Linux"), (IPHONE, "Mobile Safari · iOS"), ("", ""), ("<script>", ""), ("x" * 100_000, "")],
    ids=["firefox", "iphone", "none", "html", "long"],
)
def test_a_browser_is_named_with_its_system(user_agent: str, words: str) -> None:
    assert words == device_words(user_agent)
