import re
from datetime import UTC, datetime, timedelta

import is_bot
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.collect.events import bots
from flow.collect.events.bots import PatternFilter, classify
from flow.collect.events.types import microseconds
from flow.kit.clock import FixedClock
from tests.collect.events.shared_data import load_json, load_yaml

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)
HEADLESS = CHROME.replace("Chrome/", "HeadlessChrome/")
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ANDROID = "AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/142.0.7444.48 Mobile Safari/537.36"
WEBVIEW = f"Mozilla/5.0 (Linux; Android 15; SM-S921B Build/AP3A.240905.015.A2; wv) {ANDROID}"

# ------------------------------------------------------------------------------------------------------ user agent


@pytest.mark.parametrize(
    "user_agent",
    [
        CHROME,
        f"{CHROME} Edg/142.0.0.0",
        f"{CHROME} OPR/124.0.0.0",
        f"{CHROME} Vivaldi/7.6.3797.58",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
        "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0"
        " Safari/605.1.15",
        f"{IPHONE} Version/26.0 Mobile/15E148 Safari/604.1",
        f"{IPHONE} CriOS/142.0.7444.77 Mobile/15E148 Safari/604.1",
        f"{IPHONE} FxiOS/145.0 Mobile/15E148 Safari/605.1.15",
        f"{IPHONE} EdgiOS/142.0.3595.66 Version/18.0 Mobile/15E148 Safari/604.1",
        f"{IPHONE} GSA/392.0.823446438 Mobile/15E148 Safari/604.1",
        f"{IPHONE} Version/18.6 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15",
        f"{IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/535.0.0.43.106;FBBV/8;FBDV/iPhone15,4;FBMD/iPhone;FBSN/iOS;FBSV/18.6;"
        "FBSS/3;FBID/phone;FBLC/da_DK;FBOP/5;FBRV/0;IABMV/1]",
        f"{IPHONE} Mobile/15E148 Instagram 406.0.0.39.158 (iPhone15,4; iOS 18_6; da_DK; da; scale=3.00; 1179x2556; 8)",
        f"{IPHONE} Mobile/15E148 Snapchat/13.65.0.40 (like Safari/8620.1.16.10.11, panda)",
        f"{IPHONE} Mobile/15E148 musical_ly_42.0.0 BytedanceWebview/d8a21c6 ByteLocale/da Region/DK",
        f"{IPHONE} Mobile/15E148 [LinkedInApp]/9.31.5674",
        f"{IPHONE} Mobile/15E148 [Pinterest/iOS]",
        f"{WEBVIEW} [FB_IAB/FB4A;FBAV/535.0.0.48.75;IABMV/1;]",
        f"{WEBVIEW} MetaIAB Facebook",
        f"{WEBVIEW} Instagram 406.0.0.58.159 Android (35/15; 480dpi; 1080x2340; samsung; SM-S921B; e1s; da_DK; 8)",
        f"{WEBVIEW} MMWEBID/1418 MicroMessenger/8.0.49.2600(0x2800313D) WeChat/arm64 Weixin Process/tools NetType/5G",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0"
        " Chrome/130.0.0.0 Mobile Safari/537.36",
        f"Mozilla/5.0 (Linux; Android 14; CUBOT X90) {ANDROID}",
        f"Mozilla/5.0 (Linux; Android 16; Pixel 10 Pro) {ANDROID}",
    ],
)
def test_todays_visitors_pass(user_agent: str) -> None:
    assert classify(user_agent) is None


@pytest.mark.parametrize(
    "user_agent",
    [
        "",
        "   ",
        "curl/8.14.1",
        "python-requests/2.32.5",
        "Go-http-client/2.0",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.3; +https://openai.com/gptbot)",
        f"{IPHONE.replace('18_6', '17_0')} Version/17.0 Mobile/15E148 Safari/604.1 (compatible; Googlebot/2.1;"
        " +http://www.google.com/bot.html)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        f"{CHROME} Chrome-Lighthouse",
        "WhatsApp/2.23.20.0",
    ],
)
def test_robots_that_say_so_are_caught(user_agent: str) -> None:
    assert "bot_user_agent" == classify(user_agent)


def test_the_crawlers_of_a_list_made_by_others_are_caught() -> None:
    crawlers = [each for entry in load_json("crawler-user-agents.json") for each in entry["instances"]]
    caught = [classify(each) is not None for each in crawlers]
    assert sum(caught) / len(caught) >= 0.99


BROWSERS = re.compile(
    "(Mobile |AOL |Pale )?(Chrom|Firefox|Safari|Edge|Opera|IE|Samsung|Brave|Vivaldi|Facebook|Instagram|Puffin|Whale"
    "|Android|UC|Yandex|DuckDuckGo|Ecosia|Snapchat|TikTok|Pinterest|Twitter|WeChat|Telegram|LINE|Huawei|Silk|Honor"
    "|Aloha|Vivo|HeyTap|Amazon|Moon|Waterfox|Maxthon|Avast|QQ|Baidu|360|Dolphin|Nokia|BlackBerry|webOS|Miui)"
)


def test_the_browsers_of_a_list_made_by_others_pass() -> None:
    people = [
        case["user_agent_string"]
        for case in load_yaml("test_ua.yaml")["test_cases"]
        if BROWSERS.match(case["family"])
        and not re.search("bot|spider|crawler", case["family"], re.IGNORECASE)
        and re.match(r"(Mozilla|Opera)/[\d.]+ ", case["user_agent_string"])  # some were taken from logs, with "+"
        and "Web Preview" not in case["user_agent_string"]  # a robot that the list calls by its engine, Chrome
    ]
    refused = [each for each in people if classify(each)]
    assert len(people) > 200
    assert len(refused) / len(people) <= 0.005


def test_the_patterns_taken_out_of_the_list_are_still_in_it() -> None:
    assert set(bots._PEOPLE) <= is_bot.Bots().patterns


@given(st.text(), st.booleans(), st.booleans())
def test_any_text_is_judged(user_agent: str, webdriver: bool, bare: bool) -> None:
    assert classify(user_agent, webdriver=webdriver, bare_request=bare) in {None, "bot_user_agent", "bot_headless"}


# -------------------------------------------------------------------------------------------------------- headless


def test_an_automated_browser_is_caught_by_its_name_its_flag_or_its_missing_headers() -> None:
    assert "bot_headless" == classify(HEADLESS)
    assert "bot_headless" == classify(CHROME, webdriver=True)
    assert "bot_headless" == classify(CHROME, bare_request=True)


def test_an_automated_browser_passes_where_it_may() -> None:
    assert classify(HEADLESS, webdriver=True, bare_request=True, allow_headless=True) is None


def test_a_robot_does_not_pass_as_an_automated_browser() -> None:
    assert "bot_user_agent" == classify(f"{HEADLESS} (compatible; Googlebot/2.1)", allow_headless=True)
    assert "bot_user_agent" == classify("", allow_headless=True)


# --------------------------------------------------------------------------------------------------------- pattern

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_phone_that_hands_over_its_offline_queue_is_no_robot() -> None:
    filter_ = PatternFilter()
    batches = [filter_.classify("guest", microseconds(NOON), events=250, page_views=20) for _ in range(8)]
    assert [None] * 8 == batches


@pytest.mark.parametrize(("events", "page_views"), [(60, 0), (6, 6)])
def test_acting_faster_than_people_for_a_minute_is_a_pattern(events: int, page_views: int) -> None:
    clock = FixedClock(NOON + timedelta(seconds=31))
    filter_ = PatternFilter()
    verdicts = []
    for _ in range(120):
        verdicts.append(filter_.classify("robot", microseconds(clock.now()), events=events, page_views=page_views))
        clock.advance(timedelta(seconds=1))
    assert verdicts[:29] == [None] * 29
    assert "bot_pattern" == verdicts[-1]


def test_a_robot_stays_refused_until_it_slows_down() -> None:
    clock = FixedClock(NOON)
    filter_ = PatternFilter(max_events=100)
    assert "bot_pattern" == filter_.classify("robot", microseconds(clock.now()), events=101)
    clock.advance(timedelta(seconds=59))
    assert "bot_pattern" == filter_.classify("robot", microseconds(clock.now()), events=1)
    clock.advance(timedelta(seconds=31))
    assert filter_.classify("robot", microseconds(clock.now()), events=1) is None


def test_visitors_are_counted_apart() -> None:
    filter_ = PatternFilter(max_events=100)
    assert "bot_pattern" == filter_.classify("robot", microseconds(NOON), events=101)
    assert filter_.classify("guest", microseconds(NOON), events=100) is None


def test_the_visitors_seen_longest_ago_are_forgotten_when_memory_is_full() -> None:
    filter_ = PatternFilter(max_events=100, capacity=2)
    for visitor in ("first", "second", "third"):
        filter_.classify(visitor, microseconds(NOON), events=60)
    assert "bot_pattern" == filter_.classify("third", microseconds(NOON), events=60)
    assert filter_.classify("first", microseconds(NOON), events=60) is None


@given(st.lists(st.tuples(st.floats(0, 200), st.integers(0, 20)), max_size=50))
def test_nobody_within_the_limit_over_two_minutes_is_refused(steps: list[tuple[float, int]]) -> None:
    clock = FixedClock(NOON)
    filter_ = PatternFilter(max_events=100)
    history: list[tuple[datetime, int]] = []
    for pause, events in steps:
        history.append((clock.advance(timedelta(seconds=pause)), events))
        verdict = filter_.classify("guest", microseconds(clock.now()), events=events)
        recent = sum(count for at, count in history if clock.now() - at <= timedelta(minutes=2))
        assert verdict is None or recent > 100
