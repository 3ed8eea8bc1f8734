"""Fixtures: the sandbox's clouds on a clock that a test can move."""

from collections.abc import AsyncGenerator, Generator

import pytest
from aiohttp import ClientSession

from sandbox.server import serving
from sandbox.world import World
from tests.auth.clouds import Clouds
from tests.clock import ShiftedClock


@pytest.fixture
def clock() -> ShiftedClock:
    """Return the time in the clouds and in our code."""
    return ShiftedClock()


@pytest.fixture
async def world(clock: ShiftedClock) -> AsyncGenerator[World]:
    """Serve clouds without any data."""
    made = World(clock)
    async with serving(made):
        yield made


@pytest.fixture
async def http() -> AsyncGenerator[ClientSession]:
    """Return a pooled session."""
    async with ClientSession() as session:
        yield session


@pytest.fixture
def clouds(world: World) -> Generator[Clouds]:
    """Return Entra behind our own door."""
    made = Clouds.of(world)
    yield made
    made.entra.close()
