"""Fixtures: the environment of a served world, and a client of it."""

from collections.abc import AsyncGenerator

import pytest

from sandbox.dataverse import Environment, environment
from sandbox.world import World
from tests.sandbox.dataverse_client import DataverseClient, connected


@pytest.fixture
def tables(world: World) -> Environment:
    """Return the world's tables, empty."""
    return environment(world)


@pytest.fixture
async def client(world: World) -> AsyncGenerator[DataverseClient]:
    """Connect to the world's Dataverse."""
    async with connected(world) as made:
        yield made
