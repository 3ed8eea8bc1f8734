"""Files on their way to a browser: begun only when the first bytes are there, held back by a slow reader, never passed off as whole."""

import asyncio
import logging
import re
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import aclosing, contextmanager
from enum import StrEnum
from typing import Final

from aiohttp import web

from billing.access import Person
from billing.errors import Busy, Malformed, Problem
from pages.render import PRIVATE

log = logging.getLogger(__name__)

AT_ONCE: Final = 64
EACH: Final = 3
"""Downloads at once: of everybody together, and of one person."""

STALLED_S: Final = 180.0
"""Seconds in which a browser makes no room for another piece before it is given up: its connection may stay open for ever, and so its slot.

Both sides' kernels hold megabytes, and tell in lumps that there is room: at 20 KB a second a piece was seen to wait for 94 s.
"""

_PIECE: Final = 64 * 1024
"""Bytes that are handed to the network at once: what it cannot take yet, it copies."""

_LOOK_S: Final = 0.5
"""How often to look whether the browser still waits, while the source is working."""


class Format(StrEnum):
    """What a file of rows can be."""

    CSV = "csv"
    XLSX = "xlsx"


def wanted_format(request: web.Request) -> Format:
    """Return what ``?format=`` asks for, CSV where it does not. Raises Malformed."""
    try:
        return Format(request.query.get("format", Format.CSV))
    except ValueError as error:
        raise Malformed(format=request.query["format"][:20]) from error


class _Stalled(ConnectionError):
    """The connection is there, and the browser takes nothing more."""


class Slots:
    """Limits how many files are being made at once in this process, and for how long a browser may keep one without taking more."""

    def __init__(self, at_once: int = AT_ONCE, each: int = EACH, stalled_s: float = STALLED_S) -> None:
        self.stalled_s = stalled_s
        self._at_once = at_once
        self._each = each
        self._taken: Counter[Person] = Counter()

    @contextmanager
    def taken(self, person: Person) -> Generator[None]:
        """Hold a slot. Raises Busy."""
        if self._taken.total() >= self._at_once or self._taken[person] >= self._each:
            raise Busy(person=person.hashed, taken=self._taken.total())
        self._taken[person] += 1
        try:
            yield
        finally:
            self._taken[person] -= 1
            self._taken += Counter()  # forgets who holds none


def disposition(kind: str, number: str, ending: str) -> str:
    """Return a Content-Disposition header; of *number*, which others wrote, only what fits any file system is kept."""
    kept = re.sub(r"[^A-Za-z0-9._-]+", "-", number).strip("-._")[:60]
    return f'{kind}; filename="{kept + "-" if kept else ""}{ending}"'


async def send(
    request: web.Request,
    chunks: AsyncGenerator[bytes],
    content_type: str,
    name: str,
    on_start: Callable[[], Awaitable[None]],
    stalled_s: float,
) -> web.StreamResponse:
    """Stream *chunks*, and close them in any case.

    What fails before the first chunk is there, *on_start* included, is raised and becomes a page. After that the connection
    is cut in the middle of the body, so that no browser takes the part for the whole; so is that of a browser which takes
    nothing for *stalled_s*.
    """
    async with aclosing(chunks):
        try:
            chunk = await _next(request, chunks)
        except ConnectionResetError:
            return web.Response()  # to nobody
        await on_start()
        response = web.StreamResponse(headers={**PRIVATE, "Content-Type": content_type, "Content-Disposition": name})
        response.enable_chunked_encoding()
        await response.prepare(request)
        is_whole = False
        try:
            await _write(request, response, chunk, chunks, stalled_s)
            await _taken(response.write_eof(), stalled_s)
            is_whole = True
        except _Stalled:
            log.info("download.stalled")
        except ConnectionError:
            log.info("download.left")
        except Problem as problem:
            log.warning("download.cut", extra={"problem": type(problem).__name__, "facts": problem.facts})
        finally:
            if not is_whole and request.transport is not None:
                request.transport.abort()
        return response


async def _write(
    request: web.Request, response: web.StreamResponse, chunk: bytes | None, chunks: AsyncGenerator[bytes], stalled_s: float
) -> None:
    """Write *chunk* and all that follow, each while the next is being made: a slow reader keeps two of them waiting, and no more."""
    while chunk is not None:
        following = asyncio.ensure_future(_next(request, chunks))
        try:
            for start in range(0, len(chunk), _PIECE):
                await _taken(response.write(chunk[start : start + _PIECE]), stalled_s)
            chunk = await following
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


async def _taken(writing: Awaitable[None], stalled_s: float) -> None:
    """Wait until the network has room again after *writing*. Raises _Stalled where that takes longer than *stalled_s*."""
    try:
        async with asyncio.timeout(stalled_s):
            await writing
    except TimeoutError as error:
        raise _Stalled from error


async def _next(request: web.Request, chunks: AsyncGenerator[bytes]) -> bytes | None:
    """Return the next chunk; None at the end. Raises ConnectionResetError as soon as nobody waits for it any more."""
    coming = asyncio.ensure_future(anext(chunks, None))
    try:
        while not coming.done():
            await asyncio.wait({coming}, timeout=_LOOK_S)
            if request.transport is None or request.transport.is_closing():
                raise ConnectionResetError
        return coming.result()
    finally:
        if not coming.done():
            coming.cancel()
            await asyncio.wait({coming})
