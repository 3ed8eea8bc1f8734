"""The people of a soak do what they are there for: a habit that no longer fits the bot would soak nothing."""

import random
from collections.abc import AsyncGenerator

import pytest

from bench.visits import Visitor
from sandbox.driver import text_of
from sandbox.people import person
from tests import town as towns
from tests.town import Town


@pytest.fixture
async def town(database_url: str) -> AsyncGenerator[Town]:
    async with towns.town(database_url) as built:
        yield built


class TestVisitor:
    async def test_can_do_everything(self, town: Town) -> None:
        finn = Visitor(town.world, town.url, person("finn"), random.Random(1))  # noqa: S311 - which invoice

        chat = await town.opened("finn")
        for doing in (finn.sign_in, finn.ask, finn.look_into, finn.leaf, finn.browse, finn.leave):
            await doing()

        shown = "\n".join(map(text_of, chat.shown))
        assert all(title in shown for title in ("You are signed in", "Invoice", "Paid invoices", "You are signed out"))
