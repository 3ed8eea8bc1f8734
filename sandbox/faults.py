"""How a test makes a cloud misbehave, and how it sees what a cloud was asked."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from sandbox.site import Site

Cloud = Literal["dataverse", "entra", "connector", "keys", "payment", "chat"]
"""``keys`` are the metadata and signing keys of Entra and of the channel; ``chat`` is the page that stands in for Teams."""

_PREFIXES: Mapping[str, Cloud] = {
    "/dataverse": "dataverse",
    "/connector": "connector",
    "/botframework": "keys",
    "/pay": "payment",
    "/chat": "chat",
}
_KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which a cloud fails the next requests.

    cloud                whose requests
    match                part of ``"POST /path?query"`` (unquoted); empty: any request to that cloud
    status               answer with this status instead of handling; None: handle
    body                 JSON of that answer
    times                how many requests it spoils; None: all, until ``Faults.clear``
    delay_s              wait first
    until                wait for this as well
    drop                 close the connection without handling or answering
    drop_after_handling  handle, then close the connection: a lost answer
    """

    cloud: Cloud
    match: str = ""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Any = None
    times: int | None = 1
    delay_s: float = 0.0
    until: asyncio.Event | None = None
    drop: bool = False
    drop_after_handling: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that reached the sandbox, spoiled or not.

    path  with the query, unquoted
    """

    cloud: Cloud
    method: str
    path: str
    at: datetime


class Faults:
    """What is going to fail, and the record of every request."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._waiting: list[tuple[Fault, int | None]] = []
        self.requests: deque[Seen] = deque(maxlen=_KEPT)

    def add(self, fault: Fault) -> None:
        """Let *fault* happen, after those added before it that match the same request."""
        self._waiting.append((fault, fault.times))

    def clear(self) -> None:
        """Let everything work again."""
        self._waiting.clear()

    def meet(self, cloud: Cloud, method: str, path: str) -> Fault | None:
        """Record a request and return the fault that it runs into."""
        self.requests.append(Seen(cloud, method, path, self._site.clock()))
        for position, (fault, left) in enumerate(self._waiting):
            if fault.cloud == cloud and fault.match in f"{method} {path}":
                self._waiting[position] = (fault, left - 1 if left else None)
                if left == 1:
                    del self._waiting[position]
                return fault
        return None


def cloud_of(path: str) -> Cloud:
    """Return which cloud serves *path*."""
    for prefix, cloud in _PREFIXES.items():
        if path == prefix or path.startswith(prefix + "/"):
            return cloud
    if path == "/":
        return "chat"
    return "keys" if "/.well-known/" in path or "/discovery/" in path else "entra"


def misbehaving(faults: Faults) -> Middleware:
    """Return the middleware that lets *faults* happen."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        fault = faults.meet(cloud_of(request.path), request.method, request.rel_url.human_repr())
        return await (_spoiled(fault, request, handler) if fault else handler(request))

    return middleware


async def _spoiled(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    await asyncio.sleep(fault.delay_s)
    if fault.until:
        await fault.until.wait()
    if fault.drop:
        return _hung_up(request)
    if fault.status is not None:
        return web.json_response(fault.body, status=fault.status, headers=fault.headers)
    answer = await handler(request)
    return _hung_up(request) if fault.drop_after_handling else answer


def _hung_up(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response()
