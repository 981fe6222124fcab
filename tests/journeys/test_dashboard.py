"""An owner logs in, sees how it goes, and follows every way on from there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from random import Random
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest

from tests.analytics.world import World
from tests.connections import kept_connection
from tests.delivery.fortnight import fill
from tests.delivery.pages import read_csv, text_of
from tests.serving import PASSWORD, Server, make_login

OWNER = "olga@napoli.example"
PAGE = {"accept": "text/html"}
_VOID = {"meta", "link", "input", "br", "hr", "img"}
_MOST_PAGES = 120


@pytest.fixture(scope="module")
def house(server: Server) -> Iterator[tuple[World, World]]:
    """Two restaurants with a fortnight of orders and visits up to this minute, and their owner."""
    url = server.installation.owner_url
    worlds = World(url, "Pizzeria Napoli"), World(url, "Tivoli")
    random = Random(3)
    for world in worlds:
        fill(world, random)
    owner = make_login(url, OWNER, restaurant=worlds[0].restaurant)
    with kept_connection(url) as connection:
        connection.execute(
            "insert into public.user_restaurant_access (restaurant_id, user_id, role) values (%s, %s, 'admin')",
            [worlds[1].restaurant, owner],
        )
    yield worlds
    for world in worlds:
        world.close()


@pytest.fixture
def owner(server: Server, house: tuple[World, World]) -> Iterator[httpx.Client]:
    """The owner's browser, logged in by the form."""
    with server.client(headers=PAGE, follow_redirects=True) as http:
        http.post("/login", data={"email": OWNER, "password": PASSWORD})
        yield http


def test_the_owner_logs_in_and_sees_all_restaurants_as_one(owner: httpx.Client) -> None:
    page = owner.get("/")

    assert (200, "/dashboard") == (page.status_code, page.url.path)
    assert "Alle mine restauranter" in page.text
    assert "Omsætning" in page.text


@pytest.mark.parametrize(
    ("wish", "language", "words"),
    [
        ("da-DK,da;q=0.9,en;q=0.5", "da", ("I dag", "Omsætning", "Gns. ordreværdi", "Ordrer i gang")),
        ("sv", "sv", ("I dag", "Omsättning", "Snittordervärde", "Pågående ordrar", "Mest sålda produkter")),
        ("en-US", "en", ("Today", "Revenue", "Average order value", "Orders underway", "Top products")),
        ("", "da", ("I dag", "Omsætning")),
        ("fi, de;q=0.8", "da", ("I dag",)),
        ("fi, sv;q=0.1", "sv", ("I dag", "Omsättning")),
    ],
)  # fmt: skip
def test_the_page_speaks_the_language_of_the_browser_else_danish(
    owner: httpx.Client, wish: str, language: str, words: tuple[str, ...]
) -> None:
    page = owner.get("/dashboard", headers={"accept-language": wish})

    assert (language, True) == (page.headers["content-language"], f'<html lang="{language}"' in page.text)
    for word in words:
        assert word in text_of(page.text)


def test_no_text_is_left_in_english_on_a_danish_or_swedish_page(owner: httpx.Client) -> None:
    english = {"Revenue", "Orders", "Today", "Yesterday", "Show", "Channel", "Visitors", "Status", "Download", "Table"}
    for path in ("/dashboard", "/orders", "/visits", "/quality"):
        for language in ("da", "sv"):
            words = set(re.findall(r"[A-Za-z]+", text_of(owner.get(path, headers={"accept-language": language}).text)))
            assert words & english <= {"Status"}, (path, language)


def test_every_link_leads_somewhere(owner: httpx.Client, house: tuple[World, World]) -> None:
    """Walks from the dashboard over every kind of link, once each: the path and the names in its query."""
    seen: dict[tuple[str, ...], str] = {}
    waiting = ["/dashboard", f"/dashboard?restaurant={house[0].restaurant}&period=12m"]
    while waiting and len(seen) < _MOST_PAGES:
        address = waiting.pop(0)
        kind = _kind(address)
        if kind in seen:
            continue
        seen[kind] = address
        answer = owner.get(address)
        assert 200 == answer.status_code, address
        if answer.headers["content-type"].startswith("text/html"):
            waiting += [urljoin(address, link) for link in _Links.of(answer.text)]
    paths = {kind[0] for kind in seen}

    assert {"/dashboard", "/orders", "/orders/#", "/visits", "/quality", "/settings"} <= paths
    assert {f"/dashboard/tiles/revenue.{kind}" for kind in ("csv", "xlsx", "png")} <= paths
    assert {"/orders/export.csv", "/orders/export.xlsx", "/visits/export.csv", "/visits/export.xlsx"} <= paths


@pytest.mark.parametrize(
    "path", ["/dashboard", "/dashboard?period=30d", "/orders", "/visits", "/quality", "/settings/security"]
)
def test_a_page_is_well_formed_and_names_each_of_its_parts_once(owner: httpx.Client, path: str) -> None:
    page = _Outline.of(owner.get(path).text)

    assert [] == page.faults
    assert {} == {name: count for name, count in Counter(page.ids).items() if count > 1}
    assert [] == [target for target in page.targets if target not in page.ids]
    assert 1 == page.tags["h1"] == page.tags["main"]


@pytest.mark.parametrize("path", ["/dashboard", "/orders", "/visits", "/quality"])
def test_a_page_needs_nothing_from_elsewhere_and_allows_nothing_inline(owner: httpx.Client, path: str) -> None:
    answer = owner.get(path)
    policy = answer.headers["content-security-policy"]

    assert ("script-src 'self'" in policy, "unsafe" in policy) == (True, False)
    assert {""} == {urlsplit(address).netloc for address in re.findall(r'(?:src|href)="([^"]+)"', answer.text)}


def test_the_figures_of_the_page_are_those_of_the_data_and_the_file(owner: httpx.Client) -> None:
    query = "period=custom&from={0}&to={0}".format((datetime.now(UTC) - timedelta(days=3)).date())
    data = owner.get(f"/api/dashboards/executive?{query}", headers={"accept-language": "en"}).json()
    page = owner.get(f"/dashboard?{query}", headers={"accept-language": "en"}).text
    rows = read_csv(owner.get(f"/dashboard/tiles/revenue.csv?{query}", headers={"accept-language": "en"}).content)
    revenue = data["tiles"]["revenue"]

    assert revenue["value"] == round(sum(float(row["Revenue"] or 0) for row in rows) * 100)
    assert f'<span data-part="value">{revenue["value_text"]}</span>' in page.replace(" </span>", "</span>")


def test_a_comparison_or_period_that_is_chosen_stays_chosen(owner: httpx.Client) -> None:
    page = owner.get("/dashboard?period=7d&compare=last_year", headers={"accept-language": "en"}).text
    links = [link for link in _Links.of(page) if link.startswith("?") and "period=yesterday" in link]

    assert {"last_year"} == {parse_qs(urlsplit(link).query)["compare"][0] for link in links}
    assert '<a href="?restaurant=all&amp;period=7d&amp;compare=last_year" aria-current="page"' in page


def _kind(address: str) -> tuple[str, ...]:
    parts = urlsplit(address)
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "#", parts.path)
    chosen = parse_qs(parts.query)
    return (
        path,
        *sorted(chosen),
        *(chosen.get("period", [""]) + chosen.get("compare", [""]) if path == "/dashboard" else ()),
    )


class _Links(HTMLParser):
    """The addresses of a page's links."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @classmethod
    def of(cls, page: str) -> list[str]:
        reader = cls()
        reader.feed(page)
        return [link for link in reader.found if not link.startswith(("#", "tel:", "mailto:"))]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and (link := dict(attrs).get("href")):
            self.found.append(link)


class _Outline(HTMLParser):
    """Whether tags are closed in order, and the ids that a page gives and refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.tags: Counter[str] = Counter()
        self.faults: list[str] = []
        self._open: list[str] = []

    @classmethod
    def of(cls, page: str) -> _Outline:
        reader = cls()
        reader.feed(page)
        reader.faults += reader._open
        return reader

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def _note(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name in ("aria-labelledby", "aria-describedby", "for", "popovertarget") and value:
                self.targets += value.split()
