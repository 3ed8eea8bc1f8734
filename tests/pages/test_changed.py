"""The push takes hints from who knows the key, and tells everybody else nothing."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from billing.errors import Malformed
from pages.changed import LONGEST, ChangedRows

KEY = "k" * 32
HINT = b'{"table": "invoices", "id": "8c9a"}'


class Taken:
    """The Hints port as a list."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str]] = []
        self.is_full = False

    def row(self, table: str, row_id: str) -> bool:
        """Keep a hint, unless full. Raises Malformed for a table called ``contacts``."""
        if table == "contacts":
            raise Malformed
        self.rows.append((table, row_id))
        return not self.is_full


@asynccontextmanager
async def door(hints: Taken, key: str | None = KEY) -> AsyncGenerator[TestClient[Any, Any]]:
    """Serve the address."""
    application = web.Application()
    application.router.add_post("/work365/changed", ChangedRows(key, hints).handle)
    async with TestClient(TestServer(application)) as client:
        yield client


async def status(client: TestClient[Any, Any], key: str | None = KEY, body: bytes = HINT) -> int:
    """Send a hint and return the answer's status; the body says nothing whatever it is."""
    headers = {} if key is None else {"X-Work365-Key": key}
    async with client.post("/work365/changed", headers=headers, data=body) as answer:
        assert await answer.read() == b""
        return answer.status


async def test_takes_a_hint() -> None:
    hints = Taken()
    async with door(hints) as client:
        assert await status(client) == 202

    assert hints.rows == [("invoices", "8c9a")]


@pytest.mark.parametrize("key", [None, "", "k" * 31, "k" * 33, "K" * 32, "\N{KELVIN SIGN}"])
async def test_takes_none_without_the_key(key: str | None) -> None:
    hints = Taken()
    async with door(hints) as client:
        assert await status(client, key) == 403

    assert hints.rows == []


@pytest.mark.parametrize("key", [None, "", KEY])
async def test_is_not_there_unless_it_has_a_key(key: str | None) -> None:
    async with door(Taken(), None) as client:
        assert await status(client, key) == 404


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"table": "invoices"}', b'{"table": 1, "id": "x"}', b"\xff", b"[" * LONGEST], ids=repr
)
async def test_refuses_what_is_no_hint(body: bytes) -> None:
    async with door(Taken()) as client:
        assert await status(client, body=body) == 400


async def test_refuses_a_table_that_it_does_not_read() -> None:
    async with door(Taken()) as client:
        assert await status(client, body=b'{"table": "contacts", "id": "x"}') == 400


async def test_reads_no_more_than_a_hint_can_be() -> None:
    async with door(Taken()) as client:
        assert await status(client, body=b" " * (LONGEST + 1)) == 413


async def test_says_when_there_are_too_many() -> None:
    hints = Taken()
    hints.is_full = True
    async with door(hints) as client:
        assert await status(client) == 503
