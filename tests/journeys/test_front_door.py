"""The bot behind its front door: once and not twice, whatever the channel delivers and however often."""

import asyncio
import json
import logging
import re
from collections.abc import AsyncGenerator
from typing import Any

import jwt
import pytest

from backends.postgres.database import Database
from sandbox.browser import Browser
from sandbox.demo.companies import CONTOSO_LTD
from sandbox.driver import Chat, text_of
from sandbox.faults import Fault
from sandbox.people import person
from sandbox.tree import Json
from telemetry import OURS, JsonLines
from tests.journeys.speaking import moment, numbers_of, press
from tests.patience import PATIENCE_S
from tests.town import Town

LIST: Json = {"action": {"verb": "invoices.list", "data": {}}}
MODULE = pytest.mark.asyncio(loop_scope="module")


async def settled(town: Town, chat: Chat) -> list[str]:
    """Wait for the running turns, and return the first word line of each message so far."""
    await town.house.turns.drain(PATIENCE_S)
    return [text_of(each).partition("\n")[0] for each in chat.shown]


async def refusals(sync_database: Database) -> list[tuple[str, str, str]]:
    """Return whom the audit knows to have been refused, and why."""
    async with sync_database.shared() as connection:
        rows = await connection.fetch("select tenant, person, outcome from bot.audit where what = 'refusal' order by entry")
    return [tuple(row) for row in rows]


class TestRepeats:
    async def test_of_a_message_are_answered_once(self, town: Town) -> None:
        chat = await town.opened("finn")
        message = moment(town, "finn").message("twice", "help")

        answers = [await town.world.teams.delivery.send(message) for _ in range(5)]

        assert {each.status for each in answers} == {202}
        assert (await settled(town, chat)).count("What you can ask") == 1

    async def test_of_a_message_at_two_processes_at_once_are_answered_once(self, town: Town) -> None:
        chat = await town.opened("finn")
        message = moment(town, "finn").message("twice", "help")
        async with town.another_process() as elsewhere:
            here = town.world.bot_url

            async def deliver(url: str) -> int:
                town.world.bot_url = url
                return (await town.world.teams.delivery.send(message)).status

            statuses = await asyncio.gather(*(deliver(url) for url in [here, elsewhere] * 5))
            town.world.bot_url = here
            await chat.wait_for(lambda each: text_of(each).startswith("What you can ask"))

        assert set(statuses) == {202}
        assert (await settled(town, chat)).count("What you can ask") == 1

    async def test_do_not_follow_from_a_lost_answer(self, town: Town) -> None:
        chat = await town.opened("finn")
        town.world.faults.add(Fault("connector", "POST", drop_after_handling=True))

        await chat.say("help")

        assert (await settled(town, chat)).count("What you can ask") == 1

    async def test_of_a_click_do_no_harm(self, town: Town) -> None:
        chat = await town.signed_in("finn")
        card = await chat.ask("open invoices")

        outcomes = await asyncio.gather(*(chat.press(card, "Paid invoices") for _ in range(20)))

        assert {each.kind for each in outcomes} == {"card"}
        assert text_of(chat.current(card)).startswith("Paid invoices")


class TestInstallation:
    async def installed(self, town: Town, *actions: str) -> list[str]:
        """Let things happen to the app in Finn's chat, and return what the bot said."""
        chat = town.chat("finn")
        chat.client.conversation.is_installed = True
        for action in actions:
            await town.world.teams.delivery.send(moment(town, "finn").installation(action))
            await town.house.turns.drain(PATIENCE_S)
        return await settled(town, chat)

    @pytest.mark.parametrize(
        ("actions", "welcomes"),
        [
            (("add",), 1),
            (("add", "add"), 1),
            (("add", "add-upgrade"), 1),
            (("add", "remove-upgrade", "add-upgrade"), 1),
            (("add", "remove"), 1),
            (("add", "remove", "add"), 2),
            (("remove",), 0),
            (("add", "something new"), 1),
        ],
        ids=str,
    )
    async def test_is_welcomed_once(self, town: Town, actions: tuple[str, ...], welcomes: int) -> None:
        said = await self.installed(town, *actions)

        assert said.count("Your company's invoices, here in Teams") == welcomes
        assert len(said) == welcomes

    async def test_elsewhere_is_not_forgotten_here(self, town: Town) -> None:
        chat = town.chat("finn")
        chat.client.conversation.is_installed = True
        at = moment(town, "finn")
        await town.world.teams.delivery.send(at.installation("add"))
        await town.house.turns.drain(PATIENCE_S)
        async with town.another_process() as elsewhere:
            here, town.world.bot_url = town.world.bot_url, elsewhere
            await town.world.teams.delivery.send(at.installation("remove"))
            town.world.bot_url = here
        await town.world.teams.delivery.send(at.installation("add"))

        assert (await settled(town, chat)).count("Your company's invoices, here in Teams") == 2

    @pytest.mark.parametrize("kind", ["groupChat", "channel"])
    async def test_in_a_group_says_nothing(self, town: Town, kind: str) -> None:
        chat = Chat(town.world, person("finn"), kind)  # pyright: ignore[reportArgumentType]
        await chat.open()

        assert await settled(town, chat) == []


@MODULE
class TestUnknown:
    @pytest.mark.parametrize("name", ["task/fetch", "composeExtension/query", "application/search", "", "adaptiveCard/Action"])
    async def test_invoke_is_not_implemented(self, shared_town: Town, name: str) -> None:
        answer = await shared_town.world.teams.delivery.send(moment(shared_town, "finn").invoke(name, {}))

        assert answer.status == 501

    @pytest.mark.parametrize(
        "kind",
        [
            "conversationUpdate", "messageReaction", "messageUpdate", "messageDelete", "typing", "event", "endOfConversation", "handoff",
            "command", "commandResult", "trace", "suggestion", "Message", "unheard of",
        ],
    )  # fmt: skip
    async def test_activity_is_taken_and_ignored(self, shared_town: Town, kind: str) -> None:
        chat = await shared_town.opened("nora")
        before = await settled(shared_town, chat)

        answer = await shared_town.world.teams.delivery.send(moment(shared_town, "nora").activity(kind, f"f:{kind}"))

        assert answer.status == 202
        assert await settled(shared_town, chat) == before

    async def test_person_is_told_nothing(self, shared_town: Town) -> None:
        chat = await shared_town.opened("nora")
        before = await settled(shared_town, chat)
        nobody = moment(shared_town, "nora").message("nobody", "open invoices") | {"from": {"id": "29:nobody", "name": "Nobody"}}

        answer = await shared_town.world.teams.delivery.send(nobody)

        assert answer.status == 202
        assert await settled(shared_town, chat) == before

    async def test_person_presses_in_vain(self, shared_town: Town) -> None:
        invoke = moment(shared_town, "nora").invoke("adaptiveCard/action", {"action": {"verb": "balance"}})

        answer = await shared_town.world.teams.delivery.send(invoke | {"from": {"id": "29:nobody"}})

        assert (answer.status, answer.body["statusCode"]) == (200, 403)


class TestAnotherTenant:
    async def test_in_the_body_than_in_the_conversation_is_refused_and_noted(self, town: Town, sync_database: Database) -> None:
        chat = await town.signed_in("finn")
        before = await settled(town, chat)
        theirs, at = {"tenant": {"id": person("fay").tenant.id}}, moment(town, "finn")

        pressed = await town.world.teams.delivery.send(at.invoke("adaptiveCard/action", LIST) | {"channelData": theirs})
        typed = await town.world.teams.delivery.send(at.message("forged", "open invoices") | {"channelData": theirs})

        assert (pressed.status, pressed.body["statusCode"], typed.status) == (200, 403, 202)
        assert await settled(town, chat) == before
        assert await refusals(sync_database) == [(person("fay").tenant.id, person("finn").oid, "two tenants")] * 2

    async def test_that_comes_with_a_known_conversation_is_refused_and_noted(self, town: Town, sync_database: Database) -> None:
        await town.signed_in("finn")
        await town.signed_in("fay")
        ours, theirs = (moment(town, key).invoke("adaptiveCard/action", LIST) for key in ("finn", "fay"))
        borrowed = {**theirs["conversation"], "id": ours["conversation"]["id"]}

        answer = await town.world.teams.delivery.send({**theirs, "conversation": borrowed})

        assert (answer.status, answer.body["statusCode"]) == (200, 403)
        assert "INV-" not in json.dumps(answer.body)
        assert await refusals(sync_database) == [(person("fay").tenant.id, person("fay").oid, "another person's conversation")]


class Lines(logging.Handler):
    """Keeps what would be written, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonLines())
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.written.append(self.format(record))


@pytest.fixture
async def lines() -> AsyncGenerator[Lines]:
    """Listen to everything that our own loggers say at DEBUG, and to the libraries as the product does."""
    kept, root = Lines(), logging.getLogger()
    ours = [logging.getLogger(name) for name in OURS]
    root.addHandler(kept)
    for each in ours:
        each.setLevel(logging.DEBUG)
    yield kept
    root.removeHandler(kept)
    for each in ours:
        each.setLevel(logging.NOTSET)


def claims_of(town: Town) -> dict[str, Any]:
    """Return what the channel claims in its tokens."""
    return jwt.decode(town.world.teams.delivery.token(), options={"verify_signature": False})


class TestLogs:
    async def test_tell_nothing_that_is_a_secret_a_name_or_an_amount(self, town: Town, lines: Lines) -> None:
        cookies = await self.everything_that_can_happen(town)

        told = "\n".join(lines.written)
        assert lines.written
        for secret in ("Finn", "Okafor", "finn@", "Contoso", "eyJ", "sandbox-bot-secret", "sandbox-dataverse-secret", "Bearer", *cookies):
            assert secret not in told, secret
        assert not re.search(r"[$\u20ac]\s?\d|\d,\d{3}\.\d\d", told)
        assert not re.search(r"[?&](code|state|request|client_info)=", told)

    async def test_are_one_line_for_each_event_whatever_is_in_it(self, town: Town, lines: Lines) -> None:
        chat = await town.signed_in("finn")
        forged = 'x\r\n\u2028\u2029\x85\x0b\x0c{"level": "ERROR", "event": "forged"}'
        await chat.ask(forged)
        await press(town, "finn", forged, {})
        await press(town, "finn", "invoice.details", {"invoice": forged})

        assert any("intent.done" in each for each in lines.written)
        for each in lines.written:
            assert len(each.splitlines()) == 1
            assert json.loads(each)["event"] != "forged"

    async def test_tell_when_a_token_is_for_another_bot(self, town: Town, lines: Lines) -> None:
        token = town.world.teams.keys.sign({**claims_of(town), "aud": "11111111-1111-4111-8111-111111111111"})

        answer = await town.world.teams.delivery.send(moment(town, "finn").message("1", "help"), token)

        told = [json.loads(each) for each in lines.written if "door.refused" in each]
        assert answer.status == 403
        assert [(each["level"], each["status"], each["facts"]) for each in told] == [("WARNING", 403, {"reason": "audience"})]

    async def everything_that_can_happen(self, town: Town) -> list[str]:
        """Sign in, ask, press, be refused, meet failures; return the cookies that the browser got."""
        chat = await town.opened("finn")
        invitation = await chat.ask("open invoices")
        async with Browser(town.world, person("finn")) as browser:
            page = await browser.open(str(invitation.attachments[0]["content"]["buttons"][0]["value"]))
            await browser.open(page.url)
            cookies = [each.value for each in browser.session.cookie_jar]
        card = await chat.next()
        await chat.press(card, "Details")
        await chat.ask(f"invoice {min(numbers_of(town, CONTOSO_LTD.id))}")
        await town.world.teams.delivery.send(moment(town, "finn").message("1", "help"), "not.a.token")
        town.world.faults.add(Fault("connector", "POST", status=500, body={"error": {"code": "x", "message": "Finn Okafor"}}))
        await chat.say("balance")
        await town.house.turns.drain(PATIENCE_S)
        town.world.faults.add(Fault("dataverse", status=500, body={"error": {"code": "0x", "message": "Contoso Ltd owes $1,234.50"}}))
        await chat.press(card, "Details")
        await chat.ask("sign out")
        return [each for each in cookies if len(each) > 8]
