"""``POST /work365/changed``: Work 365 may say that a row has changed. It is a hint what to read, and nothing in it is believed."""

import json
import logging
from hmac import compare_digest
from http import HTTPStatus
from typing import Final, Protocol

from aiohttp import web

from billing.errors import Malformed

log = logging.getLogger(__name__)

KEY: Final = "X-Work365-Key"
LONGEST: Final = 1_000
"""Bytes: a table's name and an id need a tenth of it."""


class Hints(Protocol):
    """Where hints go."""

    def row(self, table: str, row_id: str) -> bool:
        """Have a row read soon; False where too many wait. Raises Malformed."""
        ...


class ChangedRows:
    """Takes hints from whoever knows the key; without a key there is no such address.

    It answers 202 before anything has been read, 503 where too many hints wait.
    """

    def __init__(self, key: str | None, hints: Hints) -> None:
        self._key = key
        self._hints = hints

    async def handle(self, request: web.Request) -> web.Response:
        """Answer ``{"table": "invoices", "id": "..."}``."""
        if self._key is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        if not compare_digest(request.headers.get(KEY, "").encode(errors="replace"), self._key.encode()):
            log.warning("hint.refused")
            return web.Response(status=HTTPStatus.FORBIDDEN)
        if request.content_length is None or request.content_length > LONGEST:
            return web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            taken = self._hints.row(*_hint(await request.read()))
        except Malformed as problem:
            log.info("hint.malformed", extra={"facts": problem.facts})
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        return web.Response(status=HTTPStatus.ACCEPTED if taken else HTTPStatus.SERVICE_UNAVAILABLE)


def _hint(body: bytes) -> tuple[str, str]:
    """Return table and id. Raises Malformed."""
    try:
        match json.loads(body):
            case {"table": str(table), "id": str(row_id)}:
                return table, row_id
            case _:
                raise Malformed
    except (ValueError, RecursionError) as error:
        raise Malformed from error
