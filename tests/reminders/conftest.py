"""Fixtures: an office that sends reminders."""

from collections.abc import AsyncGenerator

import pytest

from tests.reminders import office as offices
from tests.reminders.office import Office


@pytest.fixture
async def office(database_url: str) -> AsyncGenerator[Office]:
    """Return an office on a Monday morning in New York."""
    async with offices.office(database_url) as opened:
        yield opened
