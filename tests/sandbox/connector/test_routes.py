"""What the bot may do."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import pytest

from sandbox.driver import Chat
from sandbox.people import CONTOSO, FABRIKAM, person
from sandbox.tree import Json
from sandbox.world import BOT_APP_ID, World
from tests.sandbox.bot import Bot

FINN = person("finn")
FAY = person("fay")


class TestRest:
    async def test_refuses_tokens_that_are_not_the_bots_own(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN)
        await chat.open()
        path = f"/{chat.client.conversation.id}/activities"

        statuses = [
            (await bot.call("POST", path, {"type": "message"}, token))[0]
            for token in ("rubbish", world.teams.delivery.token(), world.entra.sso_token(FINN, BOT_APP_ID))
        ]

        assert statuses == [401, 401, 401]

    async def test_shows_updates_and_deletes_the_bots_messages(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN)
        await chat.open()
        where = chat.client.conversation.id

        first = await bot.send(where, text="one")
        await bot.call("PUT", f"/{where}/activities/{first}", {"type": "message", "text": "changed"})
        second = await bot.send(where, text="two")
        await bot.call("DELETE", f"/{where}/activities/{second}")

        assert [(each.text, each.is_edited) for each in chat.shown] == [("changed", True)]

    async def test_takes_no_harm_from_a_bot_that_is_killed_while_it_speaks(
        self, world: World, bot: Bot, caplog: pytest.LogCaptureFixture
    ) -> None:
        chat = Chat(world, FINN)
        await chat.open()
        where, address = chat.client.conversation.id, urlsplit(world.base_url)
        head = f"POST /connector/v3/conversations/{where}/activities HTTP/1.1\r\nHost: bot\r\nContent-Length: 100\r\n"

        _, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(f'{head}Authorization: Bearer {await bot.token()}\r\n\r\n{{"type": "mess'.encode())
        await writer.drain()
        await bot.send(where, text="one")  # by then the other's handler waits for the rest
        writer.transport.abort()
        await bot.send(where, text="two")

        assert [each.text for each in chat.shown] == ["one", "two"]
        assert not [each for each in caplog.records if each.levelname == "ERROR"]

    async def test_has_no_such_conversation_or_activity(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN)
        await chat.open()
        await chat.say("mine")
        where, mine = chat.client.conversation.id, next(iter(chat.client.conversation.entries))

        unknown = await bot.call("POST", "/a:unknown/activities", {"type": "message"})
        foreign = await bot.call("PUT", f"/{where}/activities/{mine}", {"type": "message"})

        assert (unknown[0], unknown[1]["error"]["code"]) == (404, "ConversationNotFound")
        assert (foreign[0], foreign[1]["error"]["code"]) == (404, "ActivityNotFoundInConversation")

    async def test_closes_a_conversation_once_the_app_is_gone(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN)
        await chat.open()
        await chat.client.uninstall()

        status, body = await bot.call("POST", f"/{chat.client.conversation.id}/activities", {"type": "message", "text": "still there?"})

        assert bot.taken[-1]["action"] == "remove"
        assert (status, body["error"]["code"]) == (403, "BotNotInConversationRoster")

    async def test_closes_a_conversation_by_policy_and_by_the_persons_block(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN)
        await chat.open()
        path, message = f"/{chat.client.conversation.id}/activities", {"type": "message", "text": "still there?"}

        world.teams.disabled_in.add(FINN.tenant.id)
        by_policy = await bot.call("POST", path, message)
        world.teams.disabled_in.clear()
        chat.client.block()
        by_person = await bot.call("POST", path, message)
        chat.client.block(blocked=False)
        again = await bot.call("POST", path, message)

        assert (by_policy[0], by_policy[1]["error"]["code"]) == (403, "BotDisabledByAdmin")
        assert (by_person[0], by_person[1]["errorCode"]) == (403, 209)
        assert "MessageWritesBlocked" in by_person[1]["message"]
        assert again[0] == 201

    async def test_counts_the_size_of_a_message_in_utf_16(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN)
        await chat.open()
        path = f"/{chat.client.conversation.id}/activities"

        small = await bot.call("POST", path, {"type": "message", "text": "x" * 51_000})
        large = await bot.call("POST", path, {"type": "message", "text": "x" * 52_000})

        assert (small[0], large[0]) == (201, 413)

    async def test_creates_a_chat_only_with_people_who_have_the_app(self, world: World, bot: Bot) -> None:
        await Chat(world, FINN).open()

        def wanted(member_id: str, tenant: str) -> Json:
            return {"bot": {"id": f"28:{BOT_APP_ID}"}, "isGroup": False, "members": [{"id": member_id}], "tenantId": tenant}

        with_app = await bot.call("POST", "", wanted(bot.taken[0]["from"]["id"], CONTOSO.id))
        without = await bot.call("POST", "", wanted(FAY.oid, FABRIKAM.id))
        wrong_tenant = await bot.call("POST", "", wanted(FINN.oid, FABRIKAM.id))

        assert (with_app[0], with_app[1]["id"]) == (201, bot.taken[0]["conversation"]["id"])
        assert (without[0], without[1]["error"]["code"]) == (403, "ForbiddenOperationException")
        assert wrong_tenant[0] == 400

    async def test_finds_a_channel_by_the_id_of_a_thread(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN, "channel")
        await chat.open()
        await chat.say("@My Invoices help")

        await bot.send(bot.taken[-1]["conversation"]["id"], text="In private, please.")

        assert (await chat.next()).text == "In private, please."

    async def test_lists_the_members(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN, "groupChat")
        await chat.open()
        where = chat.client.conversation.id

        listed = (await bot.call("GET", f"/{where}/members"))[1]
        paged = (await bot.call("GET", f"/{where}/pagedmembers"))[1]["members"]
        one = (await bot.call("GET", f"/{where}/members/{FINN.oid}"))[1]

        assert {each["aadObjectId"] for each in listed} == {person(key).oid for key in ("ada", "finn", "nora", "sami")}
        assert paged == listed
        assert one["userPrincipalName"] == FINN.upn

    @pytest.mark.parametrize("body", [[], {"text": "no type"}, "text"])
    async def test_refuses_what_is_no_activity(self, world: World, bot: Bot, body: Any) -> None:
        chat = Chat(world, FINN)
        await chat.open()

        status, _ = await bot.call("POST", f"/{chat.client.conversation.id}/activities", body)

        assert status == 400
