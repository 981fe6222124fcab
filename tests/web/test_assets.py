"""Static files: addressed by their content, compressed, kept for long, asked about when they may have changed."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from flow.web.assets import Assets
from flow.web.pages import folders


@pytest.fixture
def assets() -> Assets:
    return Assets(folders("static"))


async def test_a_file_in_its_present_version_is_kept_for_a_year(http: httpx.AsyncClient, assets: Assets) -> None:
    answer = await http.get(assets.address("base.css"))

    assert (200, "text/css; charset=utf-8") == (answer.status_code, answer.headers["content-type"])
    assert "public, max-age=31536000, immutable" == answer.headers["cache-control"]
    assert "gzip" == answer.headers["content-encoding"]
    assert assets.find("base.css").body.decode() == answer.text


async def test_a_file_without_its_version_is_asked_about_again(http: httpx.AsyncClient) -> None:
    first = await http.get("/static/base.css")
    second = await http.get("/static/base.css", headers={"if-none-match": first.headers["etag"]})

    assert ("no-cache", 304, b"") == (first.headers["cache-control"], second.status_code, second.content)


async def test_a_browser_that_cannot_unpack_gets_it_plain(http: httpx.AsyncClient, assets: Assets) -> None:
    answer = await http.get("/static/base.css", headers={"accept-encoding": "identity"})

    assert "content-encoding" not in answer.headers
    assert assets.find("base.css").body == answer.content


@pytest.mark.parametrize("path", ["../app.py", "%2e%2e/app.py", "..%2fapp.py", "/etc/passwd", "nothing.css", ""])
async def test_nothing_else_is_served(http: httpx.AsyncClient, path: str) -> None:
    assert 404 == (await http.get(f"/static/{path}")).status_code


def test_two_files_of_one_name_stop_the_start(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.css").write_text("a {}")

    with pytest.raises(ValueError, match=r"same\.css"):
        Assets([tmp_path / "one", tmp_path / "two"])


def test_an_unknown_file_in_a_template_is_an_error(assets: Assets) -> None:
    with pytest.raises(LookupError):
        assets.address("nothing.css")


def test_no_two_modules_have_a_template_of_the_same_name() -> None:
    names = [path.relative_to(folder) for folder in folders("templates") for path in folder.rglob("*.*")]

    assert sorted(set(names)) == sorted(names)
