"""A session lasts as long as Entra agrees: confirmed silently, ended once, survived by nothing that was withdrawn."""

import asyncio
import re
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from backends.postgres.database import Database
from billing.access import PersonId, TenantId
from sandbox.browser import Browser
from sandbox.dataverse.environment import environment
from sandbox.demo import contact_id
from sandbox.driver import Chat, text_of
from sandbox.faults import Fault
from sandbox.people import person
from sandbox.world import BOT_APP_ID
from tests.clock import ShiftedClock
from tests.journeys.speaking import everything
from tests.town import Town
from tests.town import town as built_town
from tests.walks import status

HOUR = timedelta(minutes=60)
TOKEN = "/organizations/oauth2/v2.0/token"


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
async def town(database_url: str, clock: ShiftedClock) -> AsyncGenerator[Town]:
    async with built_town(database_url, clock) as built:
        yield built


async def an_hour_later(town: Town, clock: ShiftedClock) -> None:
    """Let an hour pass in which the mirror was kept in step."""
    clock.advance(HOUR)
    await town.house.sync.run()


async def outcomes(sync_database: Database, key: str) -> list[tuple[str, str]]:
    """Return what the audit says about a person, oldest first."""
    async with sync_database.shared() as connection:
        rows = await connection.fetch("select what, outcome from bot.audit where person = $1 order by entry", person(key).oid)
    return [tuple(row) for row in rows]


class TestConfirmation:
    async def test_happens_silently_after_an_hour(self, town: Town, clock: ShiftedClock) -> None:
        chat = await town.signed_in("finn")
        asked = len(town.world.asked("entra", TOKEN))
        await an_hour_later(town, clock)

        answers = [text_of(await chat.ask("open invoices")) for _ in range(2)]

        assert all("INV-" in each for each in answers)
        assert len(town.world.asked("entra", TOKEN)) == asked + 1

    async def test_that_entra_cannot_give_is_said_kindly_and_costs_no_session(self, town: Town, clock: ShiftedClock) -> None:
        chat = await town.signed_in("finn")
        await an_hour_later(town, clock)
        town.world.faults.add(Fault("entra", TOKEN, 503))

        during = text_of(await chat.ask("open invoices"))
        after = text_of(await chat.ask("open invoices"))

        assert "Not available right now" in during
        assert "INV-" not in during
        assert "INV-" in after


class TestEnd:
    @pytest.mark.parametrize("how", ["revoked", "challenged"])
    async def test_asks_to_sign_in_once_and_goes_on(self, town: Town, clock: ShiftedClock, how: str) -> None:
        chat = await town.signed_in("finn")
        entra = town.world.entra
        entra.withdraw_consent(chat.person, BOT_APP_ID)
        if how == "challenged":
            entra.challenge(chat.person)
        else:
            entra.revoke(chat.person)
        await an_hour_later(town, clock)

        invitation = await chat.ask("open invoices")
        page = await town.sign_in(chat, invitation)
        answers = [text_of(await chat.next()), text_of(await chat.ask("paid invoices"))]

        assert "You are signed in" in page.text
        assert all("INV-" in each for each in answers)

    async def test_reaches_the_browser_within_the_hour(self, town: Town, clock: ShiftedClock) -> None:
        async with Browser(town.world, person("finn")) as browser:
            await browser.open(town.url + "/invoices")
            before = await status(browser, town.url + "/invoices")
            town.world.entra.disable(person("finn"))
            await an_hour_later(town, clock)
            after = await status(browser, town.url + "/invoices")

        assert (before[0], after[0]) == (200, 303)
        assert "INV-" not in after[1]

    async def test_by_sign_out_is_told_in_the_chat_and_noted(self, town: Town, sync_database: Database) -> None:
        chat = await town.signed_in("finn")
        async with Browser(town.world, person("finn")) as browser:
            await browser.open(town.url + "/invoices")

            said = text_of(await chat.ask("sign out"))

            assert "signed out" in said.lower()
            assert (await status(browser, town.url + "/invoices"))[0] == 303
        async with sync_database.shared() as connection:
            assert await connection.fetchval("select count(*) from bot.sessions") == 0
            assert await connection.fetchval("select count(*) from bot.browser_sessions") == 0
        assert ("sign-out", "ok") in await outcomes(sync_database, "finn")

    async def test_by_sign_out_needs_a_click_to_begin_again(self, town: Town) -> None:
        chat = await town.signed_in("finn")
        await chat.ask("sign out")

        invitation = await chat.ask("open invoices")
        async with Browser(town.world, person("finn")) as browser:
            page = await browser.session.get(town.url + "/invoices")
            picking = await page.text()
        await town.sign_in(chat, invitation)
        answer = await chat.next()

        assert "Please sign in" in text_of(invitation)
        assert "INV-" not in picking
        assert "Open invoices" in text_of(answer)


class TestMeanwhile:
    """What happens while Entra is being asked for a confirmation."""

    async def asking(self, town: Town, chat: Chat, clock: ShiftedClock) -> None:
        """Ask a question that needs a confirmation; return once Entra has been asked, which takes its time."""
        await an_hour_later(town, clock)
        town.world.faults.add(Fault("entra", TOKEN, delay_s=2))
        before = len(town.world.asked("entra", TOKEN))
        await chat.say("open invoices")
        while len(town.world.asked("entra", TOKEN)) == before:  # noqa: ASYNC110 - a cloud rings no bell
            await asyncio.sleep(0)

    async def test_a_sign_out_lasts(self, town: Town, clock: ShiftedClock, sync_database: Database) -> None:
        chat = await town.signed_in("finn")
        await self.asking(town, chat, clock)

        await chat.say("sign out")
        await town.house.turns.drain(10)

        async with sync_database.shared() as connection:
            assert await connection.fetchval("select count(*) from bot.sessions") == 0
            assert await connection.fetchval("select count(*) from bot.left_by_choice") == 1
        assert "INV-" not in everything(chat)

    async def test_a_deletion_lasts(self, town: Town, clock: ShiftedClock, sync_database: Database) -> None:
        chat = await town.signed_in("finn")
        await self.asking(town, chat, clock)

        await town.house.forgetting.forget(TenantId(chat.person.tenant.id), PersonId(chat.person.oid))
        await town.house.turns.drain(10)

        async with sync_database.shared() as connection:
            assert await connection.fetchval("select count(*) from bot.sessions") == 0
        assert "INV-" not in everything(chat)


class TestRights:
    async def test_that_are_withdrawn_are_gone_at_the_next_click(self, town: Town, sync_database: Database) -> None:
        chat = await town.signed_in("finn")
        card = await chat.ask("open invoices")
        roles = environment(town.world).table("adx_webrole_contactset")
        for row in roles.find("contactid", contact_id("finn")):
            roles.remove(row["adx_webrole_contactid"])
        await town.house.sync.run(full=True)

        outcome = await chat.press(card, "Paid invoices")

        assert outcome.kind == "card"
        assert "No access yet" in text_of(chat.current(card))
        assert (await outcomes(sync_database, "finn"))[-1] == ("refusal", "NoRole")


class TestTokens:
    async def test_are_unreadable_in_the_database(self, town: Town, sync_database: Database) -> None:
        await town.signed_in("finn")

        async with sync_database.shared() as connection:
            rows = await connection.fetch("select t::text, convert_from(tokens, 'UTF8') from bot.sessions t")
        assert len(rows) == 1
        assert not re.search(r"RefreshToken|AccessToken|secret|eyJ[\w-]*\.", str(rows))  # chance may write "eyJ", but no dot behind it
