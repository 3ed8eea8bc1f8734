"""Opens what is outside the process: PostgreSQL, Dataverse, Entra."""

import ssl
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

import telemetry
from assembly.clouds import BOT_SCOPE, Clouds
from assembly.work365 import Work365
from auth.app_token import AppToken
from auth.entra import Entra
from backends.dataverse.client import Dataverse
from backends.dataverse.limits import Limits
from backends.postgres.database import Database, DatabaseRole
from backends.postgres.embedded import EmbeddedServer
from backends.postgres.migrations import current, migrate, newest
from backends.work365.mapping import Work365Mapping, load
from billing.measures import Measures
from billing.ports import Clock
from cards.links import Links
from settings import Settings


@dataclass(frozen=True, slots=True)
class Outside:
    """What can be asked without our database, and what the operator has set.

    token  the bot's own, for the connector
    """

    settings: Settings
    clouds: Clouds
    clock: Clock
    http: aiohttp.ClientSession
    entra: Entra
    token: AppToken
    dataverse: Dataverse
    measures: telemetry.Telemetry


@dataclass(frozen=True, slots=True)
class Backends(Outside):
    """Open connections, and what the operator has set.

    rows       the database as chat and pages see it: one account at a time
    all_rows   the database as the sync and the reminder planner see it
    """

    mapping: Work365Mapping
    rows: Database
    all_rows: Database
    work365: Work365

    @property
    def links(self) -> Links:
        """Where the buttons of cards lead."""
        return Links(self.settings.public, has_usage=self.mapping.usage is not None)


@asynccontextmanager
async def opened(settings: Settings, clock: Clock, limits: Limits | None = None) -> AsyncGenerator[Backends]:
    """Connect and migrate; close in reverse. Raises SourceDown, BadMapping.

    limits  how patiently Dataverse is read, where not as usual
    """
    mapping = mapped(settings)
    async with reached(settings, clock, limits) as there, databases(there) as (rows, all_rows):
        work365 = Work365.of(there.dataverse, mapping, rows, all_rows, clock, limits)
        outside = there.clouds, clock, there.http, there.entra, there.token, there.dataverse, there.measures
        try:
            yield Backends(settings, *outside, mapping, rows, all_rows, work365)
        finally:
            await work365.hints.close()


def mapped(settings: Settings) -> Work365Mapping:
    """Return what Work 365's tables and columns are called. Raises BadMapping."""
    return load(settings.mapping) if settings.mapping else load()


@asynccontextmanager
async def reached(settings: Settings, clock: Clock, limits: Limits | None = None) -> AsyncGenerator[Outside]:
    """Get ready to ask what is outside; nothing is asked yet."""
    clouds = Clouds.of(settings, clock)
    async with AsyncExitStack() as stack:
        measures = await stack.enter_async_context(telemetry.measuring(settings.otlp_endpoint, settings.roots))
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=_connector(settings.roots)))
        entra = Entra(clouds.transport)
        stack.callback(entra.close)
        token = AppToken(entra, clouds.bot, BOT_SCOPE, clock)
        dataverses = AppToken(entra, clouds.partner, f"{settings.dataverse_url}/.default", clock)
        for each in (token, dataverses):
            stack.push_async_callback(each.close)
        dataverse = Dataverse(http, settings.dataverse_url or "", dataverses, limits, measures=measures)
        yield Outside(settings, clouds, clock, http, entra, token, dataverse, measures)


@asynccontextmanager
async def databases(outside: Outside) -> AsyncGenerator[tuple[Database, Database]]:
    """Connect to PostgreSQL and migrate it: for chat and pages, and for all rows. Raises SourceDown."""
    async with AsyncExitStack() as stack:
        url = await _database_url(outside.settings, stack)
        await migrate(url)
        rows = await _open(url, DatabaseRole.APP, stack, outside.measures)
        yield rows, await _open(url, DatabaseRole.SYNC, stack, outside.measures)


@asynccontextmanager
async def untouched(outside: Outside) -> AsyncGenerator[tuple[str | None, Database | None]]:
    """Connect to PostgreSQL without migrating it: its revision, None where it is empty; and all rows, None unless it is the newest.

    Raises SourceDown.
    """
    async with AsyncExitStack() as stack:
        url = await _database_url(outside.settings, stack)
        found = await current(url)
        yield found, await _open(url, DatabaseRole.SYNC, stack, outside.measures) if found == newest() else None


async def _database_url(settings: Settings, stack: AsyncExitStack) -> str:
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    server = await EmbeddedServer.start(settings.var_dir.absolute() / "postgres")
    stack.push_async_callback(server.stop)
    return server.url


async def _open(url: str, role: DatabaseRole, stack: AsyncExitStack, measures: Measures) -> Database:
    database = await Database.open(url, role, measures=measures)
    stack.push_async_callback(database.close)
    return database


def _connector(roots: Path | None) -> aiohttp.TCPConnector:
    """Pool connections to everything outside; private roots replace the public ones."""
    return aiohttp.TCPConnector(limit=200, ssl=ssl.create_default_context(cafile=roots))
