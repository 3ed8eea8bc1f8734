"""What a person's Teams does with cards."""

from typing import Any

import pytest

from sandbox.connector.client import ADAPTIVE_CARD, UNREACHABLE
from sandbox.driver import Chat
from sandbox.people import person
from sandbox.tree import Json
from sandbox.world import BOT_APP_ID, World
from tests.patience import PATIENCE_S
from tests.sandbox.bot import Bot
from tests.sandbox.connector.answers import answering, card, execute, login_request, oauth_card

FINN = person("finn")


class TestButtons:
    async def test_execute_replaces_the_card_in_place(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN)
        await chat.open()
        await bot.send(chat.client.conversation.id, attachments=[card(execute())])
        shown = await chat.next()
        bot.reply = answering({"statusCode": 200, "type": ADAPTIVE_CARD, "value": card(text="Invoice INV-1")["content"]})

        outcome = await chat.press(shown, "Details", {"note": "hello"})

        invoke = bot.of_type("invoke")[0]
        assert outcome.kind == "card"
        assert chat.current(shown).attachments[0]["content"]["body"][0]["text"] == "Invoice INV-1"
        assert invoke["name"] == "adaptiveCard/action"
        assert invoke["replyToId"] == shown.id
        assert invoke["value"] == {
            "action": {"type": "Action.Execute", "title": "Details", "verb": "details", "data": {"invoice": "INV-1", "note": "hello"}},
            "trigger": "manual",
        }

    @pytest.mark.parametrize(
        ("status", "body", "kind", "text"),
        [
            (200, {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Done"}, "message", "Done"),
            (200, {"statusCode": 400, "type": "application/vnd.microsoft.error", "value": {"message": "No"}}, "error", "No"),
            (200, {"statusCode": 200}, "error", UNREACHABLE),
            (200, None, "error", UNREACHABLE),
            (500, {}, "error", UNREACHABLE),
            (501, None, "error", UNREACHABLE),
        ],
    )
    async def test_execute_says_what_came_of_it(self, world: World, bot: Bot, status: int, body: Any, kind: str, text: str) -> None:
        chat = Chat(world, FINN)
        await chat.open()
        await bot.send(chat.client.conversation.id, attachments=[card(execute())])
        bot.reply, bot.status = answering(body), status

        outcome = await chat.press(await chat.next(), "Details")

        assert (outcome.kind, outcome.text) == (kind, text)

    async def test_execute_signs_in_silently_where_it_can(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN)
        await chat.open()
        await bot.send(chat.client.conversation.id, attachments=[card(execute())])

        async def reply(activity: Json) -> Json:
            proof = activity["value"].get("authentication")
            if proof and world.entra.claims(proof["token"], BOT_APP_ID)["oid"] == FINN.oid:
                return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": f"Hello {proof['id']}"}
            return login_request(tokenExchangeResource={"id": "exchange-1"})

        bot.reply = reply
        outcome = await chat.press(await chat.next(), "Details")

        assert outcome.text == "Hello exchange-1"

    async def test_execute_asks_to_sign_in_where_the_token_does_not_help(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN)
        await chat.open()
        await bot.send(chat.client.conversation.id, attachments=[card(execute())])

        async def reply(activity: Json) -> Json:
            if "authentication" in activity["value"]:
                return {"statusCode": 412, "type": "application/vnd.microsoft.error.preconditionFailed", "value": {"code": "412"}}
            return login_request(tokenExchangeResource={"id": "exchange-1"})

        bot.reply = reply
        outcome = await chat.press(await chat.next(), "Details")

        assert (outcome.kind, outcome.url) == ("sign_in", "http://localhost/auth/start")

    async def test_execute_asks_to_sign_in_and_repeats_with_what_the_popup_gave(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN)
        await chat.open()
        await bot.send(chat.client.conversation.id, attachments=[card(execute())])
        shown = await chat.next()
        bot.reply = answering(login_request())

        outcome = await chat.press(shown, "Details")
        await chat.press(shown, "Details", state="123456")

        assert (outcome.kind, outcome.url) == ("sign_in", "http://localhost/auth/start")
        assert bot.taken[-1]["value"]["state"] == "123456"

    async def test_submit_sends_a_message_with_the_data(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN)
        await chat.open()
        action = {"type": "Action.Submit", "title": "Save", "data": {"keep": 1}}
        await bot.send(chat.client.conversation.id, attachments=[card(action)])
        shown = await chat.next()

        outcome = await chat.press(shown, "Save", {"days": "3"})

        assert outcome.kind == "sent"
        assert bot.taken[-1]["value"] == {"keep": 1, "days": "3"}
        assert bot.taken[-1]["replyToId"] == shown.id
        assert "text" not in bot.taken[-1]

    async def test_submit_speaks_for_the_person_where_the_card_says_so(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN)
        await chat.open()
        action = {"type": "Action.Submit", "title": "Help", "data": {"msteams": {"type": "imBack", "value": "help"}}}
        await bot.send(chat.client.conversation.id, attachments=[card(action)])

        await chat.press(await chat.next(), "Help")

        assert bot.taken[-1]["text"] == "help"

    async def test_submit_opens_a_sign_in_page_where_the_card_says_so(self, world: World, bot: Bot) -> None:
        chat = Chat(world, FINN)
        await chat.open()
        action = {
            "type": "Action.Submit",
            "title": "Sign in",
            "data": {"msteams": {"type": "signin", "value": "http://localhost/auth/start"}},
        }
        await bot.send(chat.client.conversation.id, attachments=[card(action)])

        outcome = await chat.press(await chat.next(), "Sign in")
        await chat.client.verify("123456")

        assert (outcome.kind, outcome.url) == ("sign_in", "http://localhost/auth/start")
        assert (bot.taken[-1]["name"], bot.taken[-1]["value"]) == ("signin/verifyState", {"state": "123456"})


class TestSignInCard:
    async def test_is_answered_by_every_device_and_never_shown(self, world: World, bot: Bot) -> None:
        world.teams.channel.sso_clients = 3
        chat = Chat(world, FINN)
        await chat.open()
        shown = chat.client.conversation

        await bot.send(shown.id, attachments=[oauth_card()])
        invokes = await shown.wait_for(lambda: bot.of_type("invoke") if len(bot.of_type("invoke")) == 3 else None, PATIENCE_S)

        assert {each["name"] for each in invokes} == {"signin/tokenExchange"}
        assert world.entra.claims(invokes[0]["value"]["token"], BOT_APP_ID)["scp"] == "access_as_user"
        assert {each["value"]["id"] for each in invokes} == {"exchange-1"}
        assert chat.shown == []

    async def test_is_shown_where_the_exchange_fails(self, world: World, bot: Bot) -> None:
        bot.status = 412
        chat = Chat(world, FINN)
        await chat.open()

        await bot.send(chat.client.conversation.id, attachments=[oauth_card()])

        assert (await chat.next()).attachments[0]["content"]["buttons"][0]["value"] == "http://localhost/auth/start"

    async def test_is_shown_where_entra_gives_the_client_no_token(self, world: World, bot: Bot) -> None:
        world.entra.disable(FINN)
        chat = Chat(world, FINN)
        await chat.open()

        await bot.send(chat.client.conversation.id, attachments=[oauth_card()])
        await chat.next()

        assert bot.taken[-1]["name"] == "signin/failure"
