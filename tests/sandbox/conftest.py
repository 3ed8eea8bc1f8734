"""Fixtures: a world that is served on a free port, and a bot that does as a test tells it."""

from collections.abc import AsyncGenerator

import pytest

from sandbox.server import serving
from sandbox.world import World
from tests.sandbox.bot import Bot, running


@pytest.fixture
async def world() -> AsyncGenerator[World]:
    """Serve a fresh world."""
    made = World()
    async with serving(made):
        yield made


@pytest.fixture
async def bot(world: World) -> AsyncGenerator[Bot]:
    """Run a bot in that world."""
    async with running(world) as made:
        yield made
