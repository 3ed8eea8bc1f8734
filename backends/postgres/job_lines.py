"""The job engine's way to PostgreSQL: its own queries, over our pool, with our words for failures."""

from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from typing import Any

from backends.postgres.database import Database, translated
from billing.errors import SourceDown

Told = Callable[[str | bytes | bytearray], None]
"""Takes the payload of a notification."""


class JobLines:
    """Runs statements, and keeps one connection of the pool to listen on while somebody does."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listening = AsyncExitStack()
        self._connection: Any = None

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        """Return all rows. Raises SourceDown."""
        async with self._database.shared() as connection:
            unchecked: Any = connection
            return [dict(row) for row in await unchecked.fetch(query, *args)]

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement and return its command tag. Raises SourceDown."""
        async with self._database.shared() as connection:
            unchecked: Any = connection
            return await unchecked.execute(query, *args)

    async def notify(self, channel: str, payload: str) -> None:
        """Notify whoever listens on *channel*. Raises SourceDown."""
        async with self._database.shared() as connection:
            await connection.execute("select pg_notify($1, $2)", channel, payload)

    async def listen(self, channel: str, callback: Told) -> None:
        """Call *callback* with each notification, until ``hang_up``. Raises SourceDown."""

        def relay(_connection: object, _pid: int, _channel: str, payload: str) -> None:
            callback(payload)

        if self._connection is None:
            self._connection = await self._listening.enter_async_context(self._database.shared())
        with translated():
            await self._connection.add_listener(channel, relay)
        self._listening.push_async_callback(self._connection.remove_listener, channel, relay)

    async def hang_up(self) -> None:
        """Stop listening."""
        self._connection = None
        with suppress(SourceDown):  # the connection was cut, and whoever listened on it is gone
            await self._listening.aclose()
        self._listening = AsyncExitStack()
