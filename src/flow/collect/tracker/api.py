"""The routes that serve the tracker to any site. They need no login, no database and no settings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from flow.collect.tracker.build import KINDS, Bundle, Kind, bundle

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_HOUR: Final = "public, max-age=3600, stale-while-revalidate=86400"
_FOREVER: Final = "public, max-age=31536000, immutable"


def _serve_newest(kind: Kind) -> Callable[[Request], Awaitable[Response]]:
    """/flow.js: the newest version, asked for again after an hour."""

    async def newest(request: Request) -> Response:
        return _answer(request, bundle(kind), cache=_HOUR)

    return newest


def _serve_version(kind: Kind) -> Callable[[Request, str], Awaitable[Response]]:
    """/flow.<digest>.js: this very version for ever; a digest of another version leads to the newest.

    The address is relative, so that it holds behind a proxy that puts the tracker into a folder.
    """

    async def version(request: Request, digest: str) -> Response:
        made = bundle(kind)
        if digest == made.digest:
            return _answer(request, made, cache=_FOREVER)
        return RedirectResponse(kind, headers=_shared(_HOUR))

    return version


for _kind in sorted(KINDS, key=len, reverse=True):  # the longest first: flow.core.js also looks like flow.<digest>.js
    _stem, _, _suffix = _kind.rpartition(".")
    router.add_api_route(f"/{_kind}", _serve_newest(_kind), methods=["GET", "HEAD"])
    router.add_api_route(f"/{_stem}.{{digest}}.{_suffix}", _serve_version(_kind), methods=["GET", "HEAD"])


def _answer(request: Request, made: Bundle, *, cache: str) -> Response:
    compress = _takes_gzip(request.headers.get("accept-encoding", ""))
    etag = f'"{made.digest}-gzip"' if compress else f'"{made.digest}"'
    headers = _shared(cache) | {"ETag": etag}
    if _is_known(etag, request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    content = made.compressed if compress else made.content
    headers |= {"Content-Type": "text/javascript; charset=utf-8", "Content-Length": str(len(content))}
    if compress:
        headers["Content-Encoding"] = "gzip"
    return Response(b"" if request.method == "HEAD" else content, headers=headers)


def _shared(cache: str) -> dict[str, str]:
    """Headers of every answer; any site may load the script, also one that isolates itself from other origins."""
    return {
        "Cache-Control": cache,
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }


def _takes_gzip(accept_encoding: str) -> bool:
    """Whether the header allows gzip: named, or covered by *, and not with a weight of nought."""
    for offer in accept_encoding.lower().split(","):
        coding, _, parameter = offer.partition(";")
        if coding.strip() in {"gzip", "*"}:
            return parameter.replace(" ", "").rstrip("0").rstrip(".") not in {"q=", "q=0"}
    return False


def _is_known(etag: str, if_none_match: str) -> bool:
    known = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    return etag in known or "*" in known
