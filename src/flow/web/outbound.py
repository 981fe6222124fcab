"""Requests to addresses that somebody else chose, such as webhooks: they reach the public internet and nothing else.

Every name is resolved here, every address it has is looked at, and the connection goes to the very address that was
looked at: a name that changes its mind in between gains nothing. Redirects are not followed, answers are cut off.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import httpcore
import httpx

from flow.errors import InvalidInput

__all__ = [
    "ForbiddenAddress",
    "OutboundTransport",
    "check_url",
    "is_name_known",
    "outbound_client",
    "reachable_address",
]

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[Iterable[str]]]

_SCHEMES = ("https", "http")
_TIMEOUT = httpx.Timeout(10, connect=5)
_MAX_ANSWER_BYTES = 1024 * 1024
_MAX_URL_CHARACTERS = 2_000
_NAME_SECONDS = 2.0
# Threads of their own, so that names which somebody typed in and nobody answers for keep no other name waiting.
_TYPED_NAMES = ThreadPoolExecutor(4, "typed-names")
_NAT64 = IPv6Network("64:ff9b::/96")
_LOW_32_BITS = 0xFFFFFFFF


class ForbiddenAddress(InvalidInput):
    """This address is not on the public internet, so FLOW does not go there."""

    code = "forbidden_address"


def check_url(url: str, *, https_only: bool = True, also: Sequence[Network] = ()) -> str:
    """`url` if it may be kept for later; ForbiddenAddress for what could never be called.

    Looks at the text alone. What its name stands for is looked at whenever it is called. Addresses in the networks of
    `also` are let through as if they were public, with http:// as well.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise ForbiddenAddress("This is not the address of a web site.") from None
    if len(url) > _MAX_URL_CHARACTERS or any(character <= " " or character in "\\\x7f" for character in url):
        raise ForbiddenAddress("This is not the address of a web site.")
    is_ours = bool(host) and _is_in(host or "", also)
    if parts.scheme not in (_SCHEMES[:1] if https_only and not is_ours else _SCHEMES) or not host or port == 0:
        raise ForbiddenAddress("An address begins with https:// and the name of a site.")
    if parts.username is not None or parts.password is not None:
        raise ForbiddenAddress("An address holds no user name and no password.")
    if not is_ours:
        _refuse_local_name(host)
    return url


async def is_name_known(url: str, *, also: Sequence[Network] = (), resolve: Resolve | None = None) -> bool:
    """Whether the name in a `url` that passed `check_url` leads anywhere now; ForbiddenAddress as when it is called.

    It spares people an address that would never work, and guards nothing: names change, so each call looks for itself.
    After two seconds without an answer a name counts as not known.
    """
    parts = urlsplit(url)
    resolve = resolve or partial(_resolve, executor=_TYPED_NAMES)
    try:
        async with asyncio.timeout(_NAME_SECONDS):
            await reachable_address(parts.hostname or "", parts.port or 443, resolve=resolve, also=also)
    except (TimeoutError, httpx.ConnectError):
        return False
    return True


def outbound_client(*, https_only: bool = True, resolve: Resolve | None = None) -> httpx.AsyncClient:
    """A client for such addresses: time limits, no redirects, no proxy of the environment, answers up to 1 MiB.

    Calling an address that is not public raises ForbiddenAddress before a byte is sent.
    """
    return httpx.AsyncClient(
        transport=OutboundTransport(https_only=https_only, resolve=resolve),
        timeout=_TIMEOUT,
        follow_redirects=False,
        trust_env=False,
    )


class OutboundTransport(httpx.AsyncHTTPTransport):
    """httpx's transport, whose connections are opened by PublicNetwork."""

    def __init__(self, *, https_only: bool, resolve: Resolve | None) -> None:
        super().__init__(trust_env=False)
        self._https_only = https_only
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(), network_backend=_PublicNetwork(resolve)
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        check_url(str(request.url), https_only=self._https_only)
        answer = await super().handle_async_request(request)
        assert isinstance(answer.stream, httpx.AsyncByteStream)
        answer.stream = _Limited(answer.stream)
        return answer


class _PublicNetwork(httpcore.AsyncNetworkBackend):
    """Opens connections to public addresses alone."""

    def __init__(self, resolve: Resolve | None) -> None:
        self._resolve = resolve
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (the library's signature)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        address = await reachable_address(host, port, resolve=self._resolve)
        return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def reachable_address(
    host: str, port: int, *, resolve: Resolve | None = None, also: Sequence[Network] = ()
) -> str:
    """The address to connect to; ForbiddenAddress unless every one that the name has is public, or in `also`."""
    found = [ip_address(address) for address in await (resolve or _resolve)(host, port)]
    if not found or not all(is_public(each) or any(each in network for network in also) for each in found):
        raise ForbiddenAddress(f"{host} is not on the public internet.")
    return str(found[0])


class _Limited(httpx.AsyncByteStream):
    """An answer's body, cut off when it grows too large."""

    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self):  # type: ignore[no-untyped-def]
        taken = 0
        async for chunk in self._stream:
            taken += len(chunk)
            if taken > _MAX_ANSWER_BYTES:
                raise httpx.ReadError("the answer is too large")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, seen through every way to write an IPv4 one as IPv6."""
    within = _ipv4_within(address)
    if within is not None:
        return is_public(within)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _ipv4_within(address: Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64 or int(address) <= _LOW_32_BITS:
        return IPv4Address(int(address) & _LOW_32_BITS)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def _is_in(host: str, networks: Sequence[Network]) -> bool:
    """Whether a host that is written as an address lies in one of these networks."""
    try:
        address = ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        return False
    return any(address in network for network in networks)


def _refuse_local_name(host: str) -> None:
    try:
        public = is_public(ip_address(host.partition("%")[0]))
    except ValueError:
        public = not (host == "localhost" or host.endswith((".localhost", ".local", ".internal")))
    if not public:
        raise ForbiddenAddress(f"{host} is not on the public internet.")


async def _resolve(host: str, port: int, *, executor: Executor | None = None) -> list[str]:
    ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        found = await asyncio.get_running_loop().run_in_executor(executor, ask)
    except (OSError, UnicodeError) as error:  # the latter for what cannot be a name
        raise httpx.ConnectError(f"{host} is not known") from error
    return [str(address[0]).partition("%")[0] for *_, address in found]
