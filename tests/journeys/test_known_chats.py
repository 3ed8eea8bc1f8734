"""A chat that the bot has lost touch with is known again from its next message on, and one that it knows costs nothing."""

import pytest

from backends.postgres.database import Database
from billing.access import PersonId, TenantId
from sandbox.driver import Chat, text_of
from tests.town import Town

REACHED = "select unreachable is null and removed is null as is_reached, xmin::text as version from bot.conversations"


async def reached(sync_database: Database) -> list[tuple[bool, str]]:
    """Return whether the bot may speak first in each chat that it knows, and which version of its row that is."""
    async with sync_database.shared() as connection:
        return [(row["is_reached"], row["version"]) for row in await connection.fetch(REACHED)]


class TestNextMessage:
    async def lose(self, town: Town, chat: Chat, sync_database: Database, how: str) -> None:
        """Let the bot lose touch with a chat, behind its back or on the person's word."""
        who = chat.person
        if how == "unreachable":
            async with sync_database.shared() as connection:
                await connection.execute("update bot.conversations set unreachable = 'blocked'")
        elif how == "forgotten":
            await town.house.forgetting.forget(TenantId(who.tenant.id), PersonId(who.oid))
        else:
            card = await chat.ask("delete my data")
            await chat.press(card, "Delete my data")

    @pytest.mark.parametrize("how", ["unreachable", "forgotten", "deleted"])
    async def test_brings_back_a_chat_that_was_lost(self, town: Town, sync_database: Database, how: str) -> None:
        chat = await town.signed_in("finn")
        await chat.ask("help")
        await self.lose(town, chat, sync_database, how)
        lost = await reached(sync_database)

        await chat.ask("help")
        await town.house.turns.drain(5)

        assert not any(is_reached for is_reached, _ in lost)
        assert [is_reached for is_reached, _ in await reached(sync_database)] == [True]

    async def test_in_a_chat_that_is_known_writes_nothing(self, town: Town, sync_database: Database) -> None:
        chat = await town.signed_in("finn")
        await chat.ask("help")
        before = await reached(sync_database)

        answers = [text_of(await chat.ask(question)) for question in ("help", "open invoices")]

        assert "INV-" in answers[1]
        assert await reached(sync_database) == before


class TestSignIn:
    async def test_that_ends_after_the_app_was_removed_brings_no_chat_back(self, town: Town, sync_database: Database) -> None:
        chat = await town.opened("finn")
        invitation = await chat.ask("open invoices")
        await chat.client.uninstall()
        await town.house.turns.drain(5)

        await town.sign_in(chat, invitation)
        await town.house.turns.drain(5)

        assert [is_reached for is_reached, _ in await reached(sync_database)] == [False]
