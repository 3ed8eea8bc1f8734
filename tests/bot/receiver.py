"""A connector that answers as a test wrote down, and remembers what it was asked."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, web

from bot.connector import Connector, ServiceHosts, Sleep, Token
from tests.patience import PATIENCE_S

Reply = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it arrived: *path* exactly as it was on the wire."""

    method: str
    path: str
    authorization: str
    body: Any


class Receiver:
    """Gives its replies in turn; the last one again and again.

    url    where it listens, as an activity's ``serviceUrl``
    asked  every request, in order
    slept  every pause that the connector made
    pause  how it makes one; none takes any time unless this is another
    token  the bot's; "the-bots-token" and "a-fresh-token" unless this is another
    """

    def __init__(self, url: str, http: ClientSession) -> None:
        self.url = url
        self.asked: list[Asked] = []
        self.slept: list[float] = []
        self.pause: Sleep = _at_once
        self.replies: list[Reply] = [delivered]
        self.token: Token = token
        self._changed = asyncio.Condition()
        self.connector = Connector(http, self._bearer, ServiceHosts(sandbox=url.rstrip("/")), self._sleep)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer as told."""
        body = await request.json() if request.body_exists else None
        self.asked.append(Asked(request.method, request.raw_path, request.headers.get("Authorization", ""), body))
        async with self._changed:
            self._changed.notify_all()
        reply = self.replies[0] if len(self.replies) == 1 else self.replies.pop(0)
        return await reply(request)

    async def asked_for(self, count: int) -> None:
        """Wait until as many requests have come. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE_S), self._changed:
            await self._changed.wait_for(lambda: len(self.asked) >= count)

    async def _bearer(self, *, fresh: bool = False) -> str:
        return await self.token(fresh=fresh)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await self.pause(seconds)


async def delivered(_: web.Request) -> web.Response:
    """Take the message."""
    return web.json_response({"id": "1:sent"}, status=201)


async def hung_up(request: web.Request) -> web.Response:
    """Take the message, and close the connection instead of answering."""
    if request.transport:
        request.transport.abort()
    return web.Response()


def refused(status: int, code: str = "", headers: dict[str, str] | None = None) -> Reply:
    """Return a reply in the Bot Framework's shape."""

    async def reply(_: web.Request) -> web.Response:
        return web.json_response({"error": {"code": code, "message": "no"}}, status=status, headers=headers)

    return reply


async def _at_once(_: float) -> None:
    """Take no time."""


async def token(*, fresh: bool = False) -> str:
    """Return the bot's token, or the one that takes its place."""
    return "a-fresh-token" if fresh else "the-bots-token"


@asynccontextmanager
async def serving() -> AsyncGenerator[Receiver]:
    """Run it on a free port."""
    async with ClientSession() as http:
        app = web.Application()
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        receiver: list[Receiver] = []

        async def handle(request: web.Request) -> web.StreamResponse:
            return await receiver[0].handle(request)

        app.router.add_route("*", "/{path:.*}", handle)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        receiver.append(Receiver(f"http://127.0.0.1:{runner.addresses[0][1]}/", http))
        try:
            yield receiver[0]
        finally:
            await runner.cleanup()
