"""The post office: signs webhooks, delivers them, tries again as the provider would, and misbehaves as it is told."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from secrets import token_hex

import httpx

from flow.demo.providers.books import Books, Json
from flow.demo.providers.knobs import Switchboard
from flow.kit.clock import Clock

__all__ = ["Carrier", "PostOffice", "Sign"]

Sign = Callable[[Json, str, bytes, datetime], dict[str, str]]
"""Account, address, body and time in; the headers of this one try out."""

_PARALLEL = 16
_TIMEOUT = httpx.Timeout(10)
_OUTAGE_LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Carrier:
    """How a provider delivers: its signature, and the seconds to wait after each failed try; then it gives up."""

    sign: Sign
    retries: tuple[float, ...]


class PostOffice:
    """Delivers letters side by side. `http` sends them; it is opened and closed by the caller."""

    def __init__(
        self, books: Books, switchboard: Switchboard, carriers: Mapping[str, Carrier], *, clock: Clock, random: Random
    ) -> None:
        self._books = books
        self._switchboard = switchboard
        self._carriers = carriers
        self._clock = clock
        self._random = random
        self._http: httpx.AsyncClient | None = None
        self._room = asyncio.Semaphore(_PARALLEL)
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def open(self, http: httpx.AsyncClient) -> None:
        """Begins with what was still under way when it last closed."""
        self._http = http
        for letter in list(self._letters.values()):
            if letter["status"] == "waiting":
                self._start(letter)

    async def close(self) -> None:
        """Stops at once; what was not delivered waits for the next opening."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def send(
        self,
        account: Json,
        event: str,
        body: bytes,
        *,
        url: str | None = None,
        content_type: str = "application/json",
        secret: str | None = None,
        turn: str | None = None,
    ) -> None:
        """Posts a body to the account's address, or to `url` with a secret of its own.

        Letters of one `turn` go one after the other: each waits until the one before it was taken.
        """
        url = account["webhook_url"] if url is None else url
        letter = {
            "id": token_hex(12),
            "provider": account["provider"],
            "account": account["number"],
            "event": event,
            "url": url,
            "content_type": content_type,
            "body": body.decode(),
            "turn": turn,
            "secret": secret,
            "status": "waiting" if url else "nowhere",
            "sent_at": self._clock.now().isoformat(),
            "answers": [],
        }
        self._letters[str(letter["id"])] = letter
        self._books.touch()
        if url:
            self._start(letter)

    async def ask(self, url: str, query: Mapping[str, str]) -> httpx.Response:
        """Fetches an address, as a provider does that checks it."""
        assert self._http is not None, "the post office is closed"
        return await self._http.get(url, params=dict(query), timeout=_TIMEOUT)

    async def idle(self) -> None:
        """Returns when nothing is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def tally(self) -> Json:
        """How many letters were delivered, wait, were given up, and how many copies went out beside them."""
        states = Counter(letter["status"] for letter in self._letters.values())
        tries = sum(len(letter["answers"]) for letter in self._letters.values())
        return {"letters": len(self._letters), "tries": tries, "under_way": len(self._tasks), **states}

    def _start(self, letter: Json) -> None:
        if self._http is None:
            return
        task = asyncio.create_task(self._carry(letter))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, letter: Json) -> None:
        knobs = self._switchboard.of(letter["provider"])
        if knobs.shuffle_seconds:
            await asyncio.sleep(self._random.uniform(0, knobs.shuffle_seconds))
        if letter["turn"] and not knobs.shuffle_seconds:
            async with self._turns[letter["turn"]]:
                await self._insist(letter)
        else:
            await self._insist(letter)
        if letter["status"] == "delivered" and self._random.random() < knobs.duplicate_rate:
            await asyncio.sleep(self._random.uniform(0, knobs.shuffle_seconds))
            await self._try(letter)
        letter["body"] = letter["body"] if letter["status"] == "waiting" else ""

    async def _insist(self, letter: Json) -> None:
        for wait in (0.0, *self._carriers[letter["provider"]].retries):
            await asyncio.sleep(wait * self._switchboard.of(letter["provider"]).retry_pace)
            if await self._try(letter):
                letter["status"] = "delivered"
                return
        letter["status"] = "given_up"

    async def _try(self, letter: Json) -> bool:
        while self._switchboard.of(letter["provider"]).outage:  # noqa: ASYNC110 (knobs are values)
            await asyncio.sleep(_OUTAGE_LOOK_SECONDS)
        async with self._room:
            answer = await self._deliver(letter)
        letter["answers"].append(answer)
        self._books.touch()
        return 200 <= answer < 300

    async def _deliver(self, letter: Json) -> int:
        """The status of the answer; 0 when none came."""
        assert self._http is not None
        body, account = letter["body"].encode(), self._account(letter)
        sign = self._carriers[letter["provider"]].sign
        headers = {"content-type": letter["content_type"], **sign(account, letter["url"], body, self._clock.now())}
        try:
            answer = await self._http.post(letter["url"], content=body, headers=headers, timeout=_TIMEOUT)
        except httpx.HTTPError:
            return 0
        return answer.status_code

    def _account(self, letter: Json) -> Json:
        account = self._books.table("accounts")[f"{letter['provider']}:{letter['account']}"]
        return account if letter["secret"] is None else {**account, "webhook_secret": letter["secret"]}

    @property
    def _letters(self) -> dict[str, Json]:
        return self._books.table("letters")
