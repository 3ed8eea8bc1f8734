"""Fixtures: a partner's environment that starts empty, and the sync that copies it."""

from collections.abc import AsyncGenerator

import pytest
from aiohttp import ClientSession

from backends.dataverse.client import Dataverse
from backends.postgres.database import Database
from backends.postgres.invoices import PostgresInvoices
from backends.postgres.mirror import Mirror
from backends.work365.mapping import load
from backends.work365.schema import Schema
from sandbox.server import serving
from sandbox.world import World
from tests.backends.work365.copying import Copy
from tests.backends.work365.partner import Partner, client


@pytest.fixture
async def partner() -> AsyncGenerator[Partner]:
    """Serve an environment without customers."""
    world = World()
    async with serving(world):
        yield Partner(world)


@pytest.fixture
async def dataverse(partner: Partner) -> AsyncGenerator[Dataverse]:
    """Read that environment."""
    async with ClientSession() as session:
        yield client(session, partner)


@pytest.fixture
def schema(dataverse: Dataverse) -> Schema:
    """Return the shipped names."""
    return Schema(dataverse, load())


@pytest.fixture
def invoices(database: Database) -> PostgresInvoices:
    """Return what chat and pages see."""
    return PostgresInvoices(database)


@pytest.fixture
def copy(dataverse: Dataverse, mirror: Mirror, database: Database) -> Copy:
    """Return a mirror that nothing has been copied to."""
    return Copy(dataverse, mirror, database)
