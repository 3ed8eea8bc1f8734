"""The words in which journeys are told."""

from typing import Any

import pytest

from sandbox.driver import Chat, cards, named, text_of
from sandbox.people import person
from sandbox.tree import Json
from sandbox.world import World
from tests.sandbox.bot import Bot
from tests.sandbox.connector.answers import card, execute

FINN = person("finn")


class TestChat:
    async def test_asks_and_reads_the_next_answer(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN)
        await chat.open()

        async def reply(activity: Json) -> Any:
            await bot.send(activity["conversation"]["id"], text=f"You said {activity['text']}")
            await bot.send(activity["conversation"]["id"], text="Anything else?")

        bot.reply = reply
        first = await chat.ask("one")
        second = await chat.ask("two")

        assert [first.text, second.text, (await chat.next()).text] == ["You said one", "You said two", "Anything else?"]

    async def test_gives_up_waiting(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN)
        await chat.say("help")

        with pytest.raises(TimeoutError):
            await chat.next(timeout_s=0.01)
        assert len(bot.taken) == 1

    async def test_waits_for_a_change_of_a_message(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN)
        await chat.open()
        where = chat.client.conversation.id
        sent = await bot.send(where, text="working")
        before = await chat.next()

        await bot.call("PUT", f"/{where}/activities/{sent}", {"type": "message", "text": "done"})

        assert (await chat.wait_for(lambda each: each.is_edited)).text == "done"
        assert chat.current(before).text == "done"


class TestReading:
    async def test_finds_words_cards_and_buttons(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN)
        await chat.open()
        await bot.send(chat.client.conversation.id, text="Here", attachments=[card(execute(), execute(verb="other"))])
        shown = await chat.next()

        assert text_of(shown).splitlines() == ["Here", "Open invoices", "Details", "Details"]
        assert [each["type"] for each in cards(shown)] == ["AdaptiveCard"]
        assert [each["verb"] for each in named(shown, "Details")] == ["details", "other"]
        with pytest.raises(LookupError, match="no button 'Pay now' among"):
            named(shown, "Pay now")
