"""A server that answers as a test wrote down, and a clock that runs only while somebody sleeps."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web

from backends.dataverse.client import Dataverse
from backends.dataverse.limits import Limits
from backends.dataverse.query import Expand, Query
from billing.ports import Json

API = "/api/data/v9.2"
RECORDED = Path(__file__).parents[2] / "recorded"

CONTACTS = Query("contacts", ("fullname",), expand=(Expand("adx_webrole_contact", ("adx_name",)),))
INVOICES = Query("invoices", ("totalamount", "totaltax", "statecode"))

Reply = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Elapsed:
    """Seconds since the test began; sleeping is what makes them pass."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let *seconds* pass at once."""
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class Tokens:
    """Gives tokens that are counted."""

    def __init__(self) -> None:
        self.given = 1

    async def __call__(self, *, fresh: bool = False) -> str:
        """Return the current token, or the next."""
        self.given += fresh
        return f"token-{self.given}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it arrived: *path* with the query, exactly as it was on the wire."""

    path: str
    headers: dict[str, str]
    at: float


class Script:
    """Answers requests one after another; the last answer is repeated."""

    def __init__(self, clock: Elapsed) -> None:
        self.clock = clock
        self.replies: list[Reply] = []
        self.asked: list[Asked] = []
        self.url = ""

    def then(self, *replies: Reply) -> None:
        """Go on with *replies*."""
        self.replies += replies

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer."""
        self.asked.append(Asked(request.raw_path, dict(request.headers), self.clock.now))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        return await reply(request)


def recorded(name: str, url: str) -> str:
    """Return an answer in the shape that Microsoft documents, as if *url* had given it."""
    return (RECORDED / f"{name}.json").read_text().replace("{root}", f"{url}{API}")


def answer(body: Any, status: int = 200, **headers: str) -> Reply:
    """Reply with JSON, or with text as it is."""

    async def reply(_request: web.Request) -> web.StreamResponse:
        text = body if isinstance(body, str) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(text=text, status=status, headers=named, content_type="application/json")

    return reply


async def broken_off(request: web.Request) -> web.StreamResponse:
    """Reply with half an answer, then reset the connection."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"value": [')
    assert request.transport is not None
    request.transport.abort()
    return response


class Held:
    """Keeps requests waiting until it is told to answer."""

    def __init__(self) -> None:
        self.waiting = 0
        self.most = 0
        self.arrived = asyncio.Condition()
        self.free = asyncio.Event()

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Hold one request."""
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        async with self.arrived:
            self.arrived.notify_all()
        await self.free.wait()
        self.waiting -= 1
        return await answer({"value": []})(request)

    async def until(self, number: int) -> None:
        """Wait until that many requests are held."""
        async with self.arrived:
            await self.arrived.wait_for(lambda: self.waiting >= number)


EMPTY = answer({"value": []})


@asynccontextmanager
async def serving(script: Script) -> AsyncGenerator[None]:
    """Serve *script* on a free port."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", script.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        script.url = f"http://{host}:{port}"
        yield
    finally:
        await runner.cleanup()


def client(session: ClientSession, script: Script, tokens: Tokens | None = None, **limits: Any) -> Dataverse:
    """Return a client of that server."""
    return Dataverse(session, script.url, tokens or Tokens(), Limits(**limits), clock=script.clock, sleep=script.clock.sleep)


async def rows_of(dataverse: Dataverse, query: Query = CONTACTS) -> list[Json]:
    """Return all rows, read two at a time."""
    return [row async for page in dataverse.pages(query, 2) for row in page.rows]
