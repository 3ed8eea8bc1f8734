"""Fixtures of the journeys."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
import pytest_asyncio

from backends.postgres.embedded import EmbeddedServer
from sandbox.driver import Chat
from tests import databases
from tests import town as towns
from tests.clock import ShiftedClock
from tests.journeys.speaking import signed_in
from tests.town import Town


@pytest.fixture
async def town(database_url: str) -> AsyncGenerator[Town]:
    """Return a town with the demo companies."""
    async with towns.town(database_url) as built:
        yield built


@pytest.fixture
def clock() -> ShiftedClock:
    """Return a time that a test can move."""
    return ShiftedClock()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standing_town(postgres: EmbeddedServer) -> AsyncGenerator[Town]:
    """Return one town for all tests of a module, with a database of its own: for those that change nothing another one looks at."""
    async with databases.empty(postgres) as url, towns.town(url, ShiftedClock(), SYNC_INTERVAL_S="3600", MAX_STALENESS_S="86400") as built:
        yield built


@pytest.fixture
def shared_town(standing_town: Town) -> Town:
    """Return the module's town a minute later: nobody in it is taken for a flood."""
    clock = standing_town.world.clock
    assert isinstance(clock, ShiftedClock)
    clock.advance(timedelta(minutes=1))
    return standing_town


@pytest_asyncio.fixture(loop_scope="module")
async def finn(shared_town: Town) -> Chat:
    """Return the chat of Contoso's finance manager."""
    return await signed_in(shared_town, "finn")
