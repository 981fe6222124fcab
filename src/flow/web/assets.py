"""Static files: read and compressed once, then served from memory; browsers keep them as long as they are the same."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response

from flow.errors import NotFound

# Named here, because the machine's own list differs from one machine to the next.
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
_PACKED_ALREADY = (".png", ".woff2")
_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_A_WEEK = "public, max-age=604800"  # fonts: their name changes when they do
_ASK_AGAIN = "no-cache"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file; `version` is the beginning of its content's SHA-256."""

    body: bytes
    compressed: bytes | None
    media_type: str
    version: str

    @property
    def etag(self) -> str:
        return f'W/"{self.version}"'


class Assets:
    """The static files of several folders under one address, `/static/<path>`."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._assets: dict[str, Asset] = {}
        for folder in folders:
            for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                self._add(file.relative_to(folder).as_posix(), file)

    def address(self, path: str) -> str:
        """The address of a file in its present version; LookupError for an unknown one."""
        return f"/static/{path}?v={self._assets[path].version}"

    def find(self, path: str) -> Asset:
        """The file, or NotFound."""
        asset = self._assets.get(path)
        if asset is None:
            raise NotFound
        return asset

    def _add(self, path: str, file: Path) -> None:
        if path in self._assets:
            raise ValueError(f"two modules have a static file named {path}")
        body = file.read_bytes()
        self._assets[path] = Asset(
            body=body,
            compressed=None if file.suffix in _PACKED_ALREADY else gzip.compress(body, mtime=0),
            media_type=_MEDIA_TYPES[file.suffix],
            version=hashlib.sha256(body).hexdigest()[:16],
        )


def asset_routes(assets: Assets) -> APIRouter:
    """The route that serves `assets`."""
    router = APIRouter()

    @router.get("/static/{path:path}", include_in_schema=False)
    async def static_file(path: str, request: Request, v: str = "") -> Response:
        asset = assets.find(path)
        headers = {"etag": asset.etag, "cache-control": _keeping(path, asset, v), "vary": "Accept-Encoding"}
        if asset.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return _answer(asset, headers, request.headers)

    return router


def _answer(asset: Asset, headers: dict[str, str], wishes: Mapping[str, str]) -> Response:
    if asset.compressed is not None and "gzip" in wishes.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        return Response(asset.compressed, media_type=asset.media_type, headers=headers)
    return Response(asset.body, media_type=asset.media_type, headers=headers)


def _keeping(path: str, asset: Asset, version: str) -> str:
    if version == asset.version:
        return _FOR_EVER
    return _FOR_A_WEEK if path.endswith(".woff2") else _ASK_AGAIN
