"""What strangers send that is no HTTP, or not what it says, is refused and noted, and wakes nobody."""

import asyncio
import gzip
import logging

import pytest
from aiohttp import web

from assembly.listening import listen, runner_of
from tests.patience import PATIENCE_S
from tests.ports import free_port

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"


async def _refuse(_: web.Request) -> web.Response:
    return web.Response(status=401)


async def _length(request: web.Request) -> web.Response:
    return web.Response(text=str(len(await request.read())))


async def answered(sent: bytes, handler: object = _refuse) -> bytes:
    """Return what the server sends back before it closes the connection."""
    application, port = web.Application(), free_port()
    application.router.add_post("/", handler)  # type: ignore[arg-type]
    runner = runner_of(application, close_s=0.1)
    await listen(runner, "127.0.0.1", port)
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        async with asyncio.timeout(PATIENCE_S):
            got = await reader.read()
        writer.close()
    finally:
        await runner.cleanup()
    return got


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: 7\r\n\r\nno gzip",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nno chunk\r\n",
        HEAD + b"Content-Length: -1\r\n\r\n",
        b"\x16\x03\x01 no HTTP at all\r\n\r\n",
        b"GET / HTTP/1.1\r\nno header\r\n\r\n",
    ],
    ids=["gzip", "chunks", "length", "TLS", "header"],
)
async def test_broken_requests_raise_no_alarm(sent: bytes, caplog: pytest.LogCaptureFixture) -> None:
    await answered(sent)

    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []


async def test_our_own_mistakes_do(caplog: pytest.LogCaptureFixture) -> None:
    async def fail(_: web.Request) -> web.Response:
        raise RuntimeError

    await answered(HEAD + b"Content-Length: 0\r\n\r\n", fail)

    assert [each.levelname for each in caplog.records if each.name == "aiohttp.server"] == ["ERROR"]


async def test_nothing_is_unpacked() -> None:
    packed = gzip.compress(b" " * 1_000_000)

    got = await answered(HEAD + f"Content-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode() + packed, _length)

    assert got.endswith(f"\r\n\r\n{len(packed)}".encode())
