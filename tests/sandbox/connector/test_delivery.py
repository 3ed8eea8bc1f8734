"""What reaches the bot."""

import jwt

from sandbox.driver import Chat
from sandbox.faults import Fault
from sandbox.people import FABRIKAM, person
from sandbox.world import BOT_APP_ID, World
from tests.sandbox.bot import Bot

FINN = person("finn")
GRETA = person("greta")


class TestDelivery:
    async def test_signs_for_the_bot_and_names_the_service_url(self, world: World, bot: Bot) -> None:
        await Chat(world, FINN).say("help")

        claims = await bot.verified(bot.tokens[0])
        assert claims["aud"] == BOT_APP_ID
        assert claims["serviceurl"] == bot.taken[0]["serviceUrl"] == f"{world.base_url}/connector/"

    async def test_speaks_as_teams_does(self, world: World, bot: Bot) -> None:
        await Chat(world, GRETA).say("Hilfe")

        activity = bot.taken[0]
        assert activity["channelId"] == "msteams"
        assert activity["from"]["id"].startswith("29:")
        assert activity["from"]["aadObjectId"] == GRETA.oid
        assert activity["recipient"]["id"] == f"28:{BOT_APP_ID}"
        assert activity["conversation"]["conversationType"] == "personal"
        assert activity["conversation"]["tenantId"] == activity["channelData"]["tenant"]["id"] == FABRIKAM.id
        assert activity["locale"] == "de-DE"
        assert activity["localTimezone"] == "Europe/Berlin"
        assert activity["entities"][0]["country"] == "DE"

    async def test_installs_the_app_at_the_first_look_only(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN)

        await chat.open()
        await chat.open()

        assert [(each["type"], each.get("action")) for each in bot.taken] == [("installationUpdate", "add"), ("conversationUpdate", None)]
        assert bot.taken[1]["membersAdded"] == [{"id": f"28:{BOT_APP_ID}"}]

    async def test_repeats_a_message_once_when_no_answer_comes(self, world: World, bot: Bot) -> None:
        world.bot_url = f"{world.base_url}/chat/nobody"
        world.faults.add(Fault("chat", "POST /chat/nobody", drop=True, times=2))

        answer = await Chat(world, FINN).say("help")

        assert answer is not None
        assert answer.status == 0
        assert len(world.asked("chat", "/chat/nobody")) == 2
        assert bot.taken == []

    async def test_does_not_repeat_what_was_refused(self, world: World, bot: Bot) -> None:
        bot.status = 500

        await Chat(world, FINN).say("help")

        assert len(bot.taken) == 1

    async def test_accepts_a_new_key_after_rotation(self, world: World, bot: Bot) -> None:
        await Chat(world, FINN).say("one")
        world.teams.keys.rotate()
        await Chat(world, FINN).say("two")

        first, second = (jwt.get_unverified_header(each)["kid"] for each in bot.tokens)
        assert first != second
        assert await bot.verified(bot.tokens[0])
        assert await bot.verified(bot.tokens[1])

    async def test_brings_group_messages_only_with_a_mention(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN, "groupChat")

        unseen = await chat.say("lunch?")
        await chat.say("@My Invoices open invoices")

        assert unseen is None
        assert [each["text"] for each in bot.taken] == ["<at>My Invoices</at> open invoices"]
        assert bot.taken[0]["entities"][0]["mentioned"]["id"] == f"28:{BOT_APP_ID}"
        assert bot.taken[0]["conversation"]["isGroup"] is True

    async def test_names_team_and_thread_in_a_channel(self, world: World, bot: Bot) -> None:
        await Chat(world, FINN, "channel").say("@My Invoices help")

        activity = bot.taken[0]
        assert activity["conversation"]["id"].endswith(f";messageid={activity['id']}")
        assert activity["channelData"]["team"]["id"]
