"""The door to PostgreSQL: pools, whose rows a transaction sees, and what becomes of foreign failures."""

from collections.abc import AsyncGenerator, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any, LiteralString, Protocol

import asyncpg

from billing.access import AccountId
from billing.errors import Malformed, SourceDown
from billing.measures import QUERY, UNMEASURED, Measures

if TYPE_CHECKING:
    from asyncpg.pool import Pool, PoolConnectionProxy


Record = asyncpg.Record
"""A row: its columns by name and by place."""


class DatabaseRole(StrEnum):
    """As whom PostgreSQL treats a pool, whoever logged in.

    APP   chat and pages: reads the mirror of one account at a time
    SYNC  sync and reminder planner: reads and writes every account
    """

    APP = "my_invoices_app"
    SYNC = "my_invoices_sync"


class Connection(Protocol):
    """What a store may do with a connection: text is ours, everything else is a parameter."""

    async def execute(self, query: LiteralString, *args: object) -> str:
        """Run a statement and return its command tag (``"UPDATE 3"``)."""
        ...

    async def fetch(self, query: LiteralString, *args: object) -> list[Record]:
        """Return all rows."""
        ...

    async def fetchrow(self, query: LiteralString, *args: object) -> Record | None:
        """Return the first row."""
        ...

    async def fetchval(self, query: LiteralString, *args: object, timeout: float | None = None) -> Any:  # noqa: ANN401, ASYNC109 - asyncpg's
        """Return the first column of the first row, which may take *timeout* seconds where the pool's limit is too short."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[object]:
        """Commit at the end of the block, roll back if it fails."""
        ...


# PostgreSQL ends a connection whose other side has gone without a word after two minutes, and with it an advisory lock.
_NOTICES_THE_DEAD = {"tcp_keepalives_idle": "60", "tcp_keepalives_interval": "10", "tcp_keepalives_count": "6"}

# Planning a page of a big mirror anew takes longer than running it, and a planner that sees the values takes an account's own contract
# for a rare one: 24 ms instead of 0.3.
_PLANS = {DatabaseRole.APP: {"plan_cache_mode": "force_generic_plan"}, DatabaseRole.SYNC: {}}

_DOWN = (
    OSError,  # also TimeoutError
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InvalidAuthorizationSpecificationError,  # the password has been changed
    asyncpg.InvalidCatalogNameError,  # the database is gone
)


class Database:
    """A pool of connections that act as one role. A setting that asyncpg does not reset cannot leave it: see ``session``.

    asyncpg runs every return of a connection in a task of its own. So a connection that is well and that nobody waits for
    is kept aside for the next caller, and goes back to asyncpg's pool only when something went wrong with it.
    """

    def __init__(self, pool: "Pool[Record]", acquire_timeout_s: float, measures: Measures = UNMEASURED) -> None:
        self._pool = pool
        self._acquire_timeout_s = acquire_timeout_s
        self._measures = measures
        self._idle: list[PoolConnectionProxy[Record]] = []
        self._wanted = 0

    @classmethod
    async def open(
        cls,
        url: str,
        role: DatabaseRole,
        *,
        min_size: int = 1,
        max_size: int = 10,
        connect_timeout_s: float = 10,
        command_timeout_s: float = 10,
        measures: Measures = UNMEASURED,
    ) -> "Database":
        """Connect. Raises SourceDown when the server cannot be reached."""
        with translated():
            pool = await asyncpg.create_pool(
                url,
                min_size=min_size,
                max_size=max_size,
                timeout=connect_timeout_s,
                command_timeout=command_timeout_s,
                reset=_leave_as_it_is,
                # As a startup setting, the role is what RESET ROLE goes back to. Our queries are too short to be compiled.
                server_settings={"application_name": role.value, "role": role.value, "jit": "off"} | _NOTICES_THE_DEAD | _PLANS[role],
            )
        return cls(pool, command_timeout_s, measures)

    async def close(self) -> None:
        """Wait for the connections in use, then close all."""
        self._wanted += 1
        while self._idle:
            await self._pool.release(self._idle.pop())
        await self._pool.close()

    @asynccontextmanager
    async def of(self, account: AccountId) -> AsyncGenerator[Connection]:
        """Open a transaction that sees the rows of *account* and of nobody else. Raises SourceDown."""
        async with self.transaction() as connection:
            await connection.execute("select set_config('app.account', $1, true)", account)
            yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Connection]:
        """Open a transaction that sees what the pool's role sees: for APP, no company's rows. Raises SourceDown."""
        with self._measures.timed(QUERY):
            async with self.shared() as connection, connection.transaction():
                yield connection

    @asynccontextmanager
    async def shared(self) -> AsyncGenerator[Connection]:
        """Lend a connection for single statements on tables that hold no company's data. Raises SourceDown."""
        with translated():
            connection, is_well = await self._acquired(), False
            try:
                yield connection
                is_well = True
            finally:
                if is_well and not self._wanted:
                    self._idle.append(connection)
                else:
                    await self._pool.release(connection)

    async def _acquired(self) -> "PoolConnectionProxy[Record]":
        while self._idle:
            connection = self._idle.pop()
            if _is_open(connection):
                return connection
            await self._pool.release(connection)
        self._wanted += 1
        try:
            return await self._pool.acquire(timeout=self._acquire_timeout_s)
        finally:
            self._wanted -= 1

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[Connection]:
        """Lend a connection whose temporary tables and advisory locks end with the block, or with it. Raises SourceDown."""
        with translated():
            connection, is_tidy = await self._acquired(), False
            try:
                try:
                    yield connection
                finally:
                    await connection.execute("discard temp")
                    await connection.execute("select pg_advisory_unlock_all()")
                    is_tidy = True
            finally:
                if not is_tidy:
                    connection.terminate()
                await self._pool.release(connection)


def _is_open(connection: "PoolConnectionProxy[Record]") -> bool:
    """Whether the server has not hung up; where it has, asyncpg has taken the connection back and refuses even this question."""
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:
        return False


async def _leave_as_it_is(_: object) -> None:
    """Spare the round trip that asyncpg makes when a connection is handed back: ``of`` and ``session`` leave nothing behind."""


@contextmanager
def translated() -> Generator[None]:
    """Turn asyncpg's failures within the block into Problems."""
    try:
        yield
    except _DOWN as e:
        raise SourceDown(source="database", failure=type(e).__name__) from e
    except asyncpg.DataError as e:  # text with NUL or half a surrogate pair, a number out of range
        raise Malformed(source="database", failure=type(e).__name__) from e
