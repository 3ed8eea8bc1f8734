"""Fixtures: a scripted server, and a session to talk to it."""

from collections.abc import AsyncGenerator

import pytest
from aiohttp import ClientSession

from tests.backends.dataverse.script import Elapsed, Script, serving


@pytest.fixture
async def script() -> AsyncGenerator[Script]:
    """Serve a script that is yet to be written."""
    made = Script(Elapsed())
    async with serving(made):
        yield made


@pytest.fixture
async def session() -> AsyncGenerator[ClientSession]:
    """Open a session."""
    async with ClientSession() as opened:
        yield opened
