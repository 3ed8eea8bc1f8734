"""Fixtures: clouds, and settings that fit them."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from sandbox.demo import fill
from sandbox.server import bot_environment, serving
from sandbox.world import World
from tests.assembly.place import Place
from tests.ports import free_port


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncGenerator[Place]:
    """Serve the clouds."""
    world = World()
    async with serving(world):
        fill(world)
        own = {"DATABASE_URL": database_url, "SECRET_KEYS": Fernet.generate_key().decode(), "VAR_DIR": str(tmp_path)}
        yield Place(world, {**bot_environment(world, free_port()), **own})
