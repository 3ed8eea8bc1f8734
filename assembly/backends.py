"""Opens what is outside the process: PostgreSQL, Dataverse, Entra."""

import os
import ssl
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp

import telemetry
from assembly.clouds import Clouds
from assembly.work365 import Work365
from auth.entra import AppToken, Entra
from backends.dataverse.client import Dataverse
from backends.dataverse.limits import Limits
from backends.postgres.database import Database, DatabaseRole
from backends.postgres.embedded import EmbeddedServer
from backends.postgres.migrations import migrate
from backends.work365.mapping import Work365Mapping, load
from billing.measures import Measures
from billing.ports import Clock
from settings import Settings


@dataclass(frozen=True, slots=True)
class Backends:
    """Open connections, and what the operator has set.

    rows       the database as chat and pages see it: one account at a time
    all_rows   the database as the sync and the reminder planner see it
    """

    settings: Settings
    clouds: Clouds
    mapping: Work365Mapping
    clock: Clock
    rows: Database
    all_rows: Database
    http: aiohttp.ClientSession
    entra: Entra
    dataverse: Dataverse
    work365: Work365
    measures: telemetry.Telemetry


@asynccontextmanager
async def opened(settings: Settings, clock: Clock, limits: Limits | None = None) -> AsyncGenerator[Backends]:
    """Connect and migrate; close in reverse. Raises SourceDown, BadMapping.

    limits  how patiently Dataverse is read, where not as usual
    """
    mapping = load(settings.mapping) if settings.mapping else load()
    clouds = Clouds.of(settings, clock)
    async with AsyncExitStack() as stack:
        measures = await stack.enter_async_context(telemetry.measuring(settings.otlp_endpoint))
        url = await _database_url(settings, stack)
        await migrate(url)
        rows = await _open(url, DatabaseRole.APP, stack, measures)
        all_rows = await _open(url, DatabaseRole.SYNC, stack, measures)
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=_connector()))
        entra = Entra(clouds.transport)
        stack.callback(entra.close)
        token = AppToken(entra, clouds.partner, f"{settings.dataverse_url}/.default", clock)
        dataverse = Dataverse(http, settings.dataverse_url or "", token, limits, measures=measures)
        work365 = Work365.of(dataverse, mapping, rows, all_rows)
        stack.push_async_callback(work365.hints.close)
        yield Backends(settings, clouds, mapping, clock, rows, all_rows, http, entra, dataverse, work365, measures)


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


def _connector() -> aiohttp.TCPConnector:
    """Pool connections to everything outside; a private root replaces the public ones, as it does for ``requests``."""
    roots = os.environ.get("SSL_CERT_FILE") or os.environ.get("REQUESTS_CA_BUNDLE")
    return aiohttp.TCPConnector(limit=200, ssl=ssl.create_default_context(cafile=roots))
