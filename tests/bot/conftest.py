"""Fixtures of the chat's tests."""

from collections.abc import AsyncGenerator

import pytest

from tests.bot import receiver as receivers
from tests.bot.receiver import Receiver


@pytest.fixture
async def receiver() -> AsyncGenerator[Receiver]:
    """Return a connector that takes everything."""
    async with receivers.serving() as running:
        yield running
