"""Single sign-on: no click where Teams can vouch, a button where a hand is needed, and never somebody else's session."""

import asyncio

import pytest
from aiohttp import ClientSession

from backends.postgres.database import Database
from sandbox.browser import Browser
from sandbox.connector.client import OAUTH_CARD
from sandbox.connector.conversation import Entry
from sandbox.connector.delivery import Answer
from sandbox.connector.payloads import Moment
from sandbox.driver import Chat, text_of
from sandbox.faults import Fault
from sandbox.people import person
from sandbox.tree import Json, objects
from sandbox.world import BOT_APP_ID
from tests.town import Town


def consent(town: Town, key: str) -> None:
    """Let a person, or their administrator, have agreed before."""
    town.world.entra.give_consent(person(key), BOT_APP_ID)


def invoke(town: Town, chat: Chat, name: str, value: Json) -> Json:
    """Return an invoke as the person's client sends it."""
    delivery, clock = town.world.teams.delivery, town.world.clock
    return Moment(chat.person, chat.client.conversation, f"28:{BOT_APP_ID}", delivery.service_url, clock()).invoke(name, value)


async def exchange(town: Town, chat: Chat, exchange_id: str, token: str) -> Answer:
    """Send a token for one sign-in card."""
    return await town.world.teams.delivery.send(invoke(town, chat, "signin/tokenExchange", {"id": exchange_id, "token": token}))


def exchanges_at_entra(town: Town) -> int:
    """Return how often the bot went to Entra on a person's behalf."""
    return len(town.world.asked("entra", f"POST /{person('finn').tenant.id}/oauth2/v2.0/token"))


def invitation(chat: Chat) -> Entry | None:
    """Return the sign-in card that the bot sent, whether it is shown or the client deals with it."""
    sent = reversed(chat.client.conversation.entries.values())
    return next((each for each in sent if any(card.get("contentType") == OAUTH_CARD for card in each.attachments)), None)


def exchange_id(entry: Entry) -> str:
    """Return the id under which a token for that card is exchanged."""
    return next(each["tokenExchangeResource"]["id"] for each in objects(entry.attachments) if "tokenExchangeResource" in each)


async def asked(town: Town, key: str, text: str) -> Chat:
    """Return a chat in which a question has been asked whose answer needs a sign-in."""
    chat = await town.opened(key)
    chat.skip()
    await chat.say(text)
    return chat


class TestSilently:
    async def test_answers_the_question_without_a_click(self, town: Town) -> None:
        consent(town, "finn")
        chat = await asked(town, "finn", "open invoices")
        answer = await chat.next()

        assert text_of(answer).count("INV-") == 8
        assert [each for each in chat.shown if OAUTH_CARD in str(each.attachments)] == []

    async def test_exchanges_once_for_three_clients_on_two_processes(self, town: Town) -> None:
        consent(town, "finn")
        chat = await town.opened("finn")
        value = {"id": "one-exchange", "token": town.world.entra.sso_token(chat.person, BOT_APP_ID)}
        async with town.another_process() as second, ClientSession() as http:

            async def send(address: str) -> int:
                headers = {"Authorization": f"Bearer {town.world.teams.delivery.token()}"}
                async with http.post(address, json=invoke(town, chat, "signin/tokenExchange", value), headers=headers) as response:
                    return response.status

            at_once = await asyncio.gather(*(send(address) for address in (town.world.bot_url, second) for _ in range(3)))
            late = [await send(address) for address in (town.world.bot_url, second)]

        assert exchanges_at_entra(town) == 1
        assert 200 in at_once
        assert set(at_once) <= {200, 412}
        assert late == [200, 200]

    async def test_answers_once_although_every_client_sends_the_token(self, town: Town) -> None:
        consent(town, "finn")
        town.world.teams.channel.sso_clients = 3
        chat = await asked(town, "finn", "open invoices")
        await chat.next()
        help_card = await chat.ask("help")

        assert exchanges_at_entra(town) == 1
        assert "INV-" not in text_of(help_card)
        assert sum("INV-" in text_of(each) for each in chat.shown) == 1


class TestByHand:
    async def test_shows_the_button_where_consent_is_missing_and_answers_after_the_browser(self, town: Town) -> None:
        chat = await asked(town, "finn", "overdue")
        card = await chat.next()
        page = await town.sign_in(chat, card)
        answer = await chat.next()

        assert "You are signed in" in page.text
        assert "INV-" in text_of(answer)

    async def test_shows_the_button_where_the_client_cannot(self, town: Town) -> None:
        consent(town, "finn")
        town.world.entra.challenge(person("finn"))
        chat = await asked(town, "finn", "overdue")
        card = await chat.next()

        assert card.attachments[0]["contentType"] == OAUTH_CARD
        assert "INV-" in text_of(await signed_in_by_hand(town, chat, card))

    async def test_tells_the_popup_that_it_is_done(self, town: Town) -> None:
        chat = await asked(town, "finn", "overdue")
        card = await chat.next()
        before = await chat.client.verify("")
        await town.sign_in(chat, card)
        after = await chat.client.verify("whatever-the-popup-says")

        assert (before.status, after.status) == (404, 200)

    async def test_binds_nobody_when_the_link_is_forwarded(self, town: Town) -> None:
        chat = await asked(town, "finn", "overdue")
        card = await chat.next()
        page = await town.sign_in(chat, card, "ada")

        assert page.status == 403
        assert "another account" in page.text
        assert "You are signed in" in (await town.sign_in(chat, card)).text


class TestAnothersToken:
    async def test_binds_nobody_and_is_noted(self, town: Town, sync_database: Database) -> None:
        chat = await asked(town, "finn", "open invoices")
        card = await chat.next()
        wanted = exchange_id(card)
        entra = town.world.entra
        own = entra.claims(entra.sso_token(chat.person, BOT_APP_ID), BOT_APP_ID)
        changes: list[Json] = [
            {"oid": person("ada").oid},
            {"tid": person("fay").tenant.id},
            {"oid": person("fay").oid, "tid": person("fay").tenant.id},
            {"aud": "https://graph.microsoft.com"},
            {"scp": "User.Read"},
            {"exp": 1},
        ]
        forged = [entra.keys.sign(own | each) for each in changes]
        forged += [entra.sso_token(person(each), BOT_APP_ID) for each in ("ada", "fay")]

        answers = [await exchange(town, chat, wanted, each) for each in [*forged, "garbage", ""]]

        assert {each.status for each in answers} == {412}
        async with sync_database.shared() as connection:
            bound = await connection.fetchval("select count(*) from bot.sessions")
            noted = [row[0] for row in await connection.fetch("select outcome from bot.audit where person = $1", chat.person.oid)]
        assert bound == 0
        assert sum(each.startswith("token refused") for each in noted) == len(forged) + 2
        assert exchanges_at_entra(town) == 1  # the client's own, before consent


class TestPressedButton:
    async def test_signs_in_by_itself_and_shows_the_card(self, town: Town, sync_database: Database) -> None:
        chat = await town.signed_in("finn")
        card = await chat.ask("open invoices")
        await forget_sessions(sync_database)

        outcome = await chat.press(card, "Paid invoices")

        assert outcome.kind == "card"
        assert "Paid invoices" in text_of(chat.current(card))

    async def test_opens_the_browser_where_consent_is_missing_and_works_after_it(self, town: Town, sync_database: Database) -> None:
        chat = await town.signed_in("finn")
        card = await chat.ask("open invoices")
        await forget_sessions(sync_database)
        town.world.entra.withdraw_consent(chat.person, BOT_APP_ID)

        outcome = await chat.press(card, "Paid invoices")
        async with Browser(town.world, chat.person) as browser:
            page = await browser.open(outcome.url)

        assert outcome.kind == "sign_in"
        assert "You are signed in" in page.text
        assert (await chat.press(card, "Paid invoices", state="popup")).kind == "card"


class TestFailures:
    @pytest.mark.parametrize("cloud", ["keys", "entra"])
    async def test_of_entra_end_in_the_button_and_not_in_an_error(self, town: Town, cloud: str) -> None:
        consent(town, "finn")
        match = "/organizations/discovery" if cloud == "keys" else f"/{person('finn').tenant.id}/oauth2/v2.0/token"
        town.world.faults.add(Fault(cloud, match, 503, times=None))  # pyright: ignore[reportArgumentType]
        chat = await asked(town, "finn", "open invoices")
        card = await chat.next()
        town.world.faults.clear()

        assert card.attachments[0]["contentType"] == OAUTH_CARD
        assert invitation(chat) == card

    async def test_of_a_client_are_taken_note_of(self, town: Town) -> None:
        chat = town.chat("finn")
        await chat.open()

        answer = await town.world.teams.delivery.send(invoke(town, chat, "signin/failure", {"code": "resourcematchfailed", "message": "x"}))

        assert answer.status == 200


async def signed_in_by_hand(town: Town, chat: Chat, card: Entry) -> Entry:
    """Go through the browser and return the answer in the chat."""
    await town.sign_in(chat, card)
    return await chat.next()


async def forget_sessions(sync_database: Database) -> None:
    """End every session behind everybody's back."""
    async with sync_database.shared() as connection:
        await connection.execute("delete from bot.sessions")
