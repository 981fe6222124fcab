from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.collect.events.devices import Device, parse
from tests.collect.events.shared_data import load_yaml

MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
BLINK = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (f"{IPHONE} Version/26.0 Mobile/15E148 Safari/604.1", ("mobile", "Mobile Safari", "26", "iOS")),
        (f"{IPHONE} CriOS/142.0.7444.77 Mobile/15E148 Safari/604.1", ("mobile", "Chrome Mobile iOS", "142", "iOS")),
        (f"{IPHONE} Mobile/15E148 Instagram 406.0.0.0", ("mobile", "Instagram", "406", "iOS")),
        (
            "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5"
            " Mobile/15E148 Safari/604.1",
            ("tablet", "Mobile Safari", "17", "iOS"),
        ),
        (
            f"Mozilla/5.0 (Linux; Android 10; K) {BLINK} Chrome/142.0.0.0 Mobile Safari/537.36",
            ("mobile", "Chrome Mobile", "142", "Android"),
        ),
        (
            f"Mozilla/5.0 (Linux; Android 10; K) {BLINK} Chrome/142.0.0.0 Safari/537.36",
            ("tablet", "Chrome", "142", "Android"),
        ),
        (
            f"Mozilla/5.0 (Linux; Android 10; K) {BLINK} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
            ("mobile", "Samsung Internet", "28", "Android"),
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
            ("desktop", "Edge", "142", "Windows"),
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
            ("desktop", "Firefox", "145", "Windows"),
        ),
        (f"{MAC} Version/26.0 Safari/605.1.15", ("desktop", "Safari", "26", "Mac OS X")),
        (
            f"Mozilla/5.0 (X11; Linux x86_64) {BLINK} Chrome/142.0.0.0 Safari/537.36",
            ("desktop", "Chrome", "142", "Linux"),
        ),
        (
            f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {BLINK} Chrome/142.0.0.0 Safari/537.36",
            ("desktop", "Chrome", "142", "Chrome OS"),
        ),
        (
            f"Mozilla/5.0 (Web0S; Linux/SmartTV) {BLINK} Chrome/108.0.5359.211 Safari/537.36 WebAppManager",
            ("other", "Chrome", "108", "Web0S"),
        ),
        ("", ("other", "Other", None, "Other")),
        ("curl/8.14.1", ("other", "curl", "8", "Other")),
    ],
)
def test_todays_visitors_are_recognised(user_agent: str, expected: tuple[Any, ...]) -> None:
    assert Device(*expected) == parse(user_agent)


def test_browser_families_agree_with_the_cases_of_the_user_agent_project() -> None:
    cases = load_yaml("test_ua.yaml")["test_cases"]
    agree = [case["family"] == parse(case["user_agent_string"]).browser for case in cases]
    assert sum(agree) / len(agree) >= 0.99


def test_operating_systems_agree_with_the_cases_of_the_user_agent_project() -> None:
    cases = load_yaml("test_os.yaml")["test_cases"]
    agree = [case["family"] == parse(case["user_agent_string"]).os for case in cases]
    assert sum(agree) / len(agree) >= 0.99


@given(st.text())
def test_any_text_is_some_device(user_agent: str) -> None:
    assert parse(user_agent).device_type in {"desktop", "mobile", "tablet", "other"}


def test_an_endless_user_agent_counts_by_its_beginning() -> None:
    begin = f"{IPHONE} Version/26.0 Mobile/15E148 Safari/604.1 ".ljust(1024, "x")
    assert parse(begin) == parse(begin + "Windows NT " * 10_000)
