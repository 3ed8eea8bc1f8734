"""After paying, the chat knows: the card follows in place, and a message says what became of it."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from assembly import House, house
from assembly.running import sync
from backends.postgres.database import Database
from sandbox.browser import Browser
from sandbox.dataverse.environment import environment
from sandbox.demo import bill_id
from sandbox.driver import Chat, actions, cards, text_of
from sandbox.people import person
from tests.town import Town

BILL = bill_id("contoso.week")


async def opened(chat: Chat) -> str:
    """Open the bill's details in the chat and return the id of the message."""
    entry = await chat.ask("open invoices")
    details = next(each for each in actions(entry) if each.get("title") == "Details" and each.get("data", {}).get("invoice") == BILL)
    await chat.press(entry, details)
    return entry.id


async def pay(browser: Browser, town: Town, choice: str) -> None:
    """Click Pay now and choose at the till."""
    till = await browser.open(f"{town.url}/invoices/{BILL}/pay")
    await browser.session.post(till.url, data={"choice": choice})


def complete(town: Town) -> None:
    """Let the provider say that the bill is paid, whoever paid it where."""
    environment(town.world).table("invoices").change(BILL, statecode=2, statuscode=100001)


async def passed(built: House) -> None:
    """Let a process make a pass of the sync, and everything that comes of it."""
    await built.sync.run()
    built.following.nudge()
    await built.following.settled()


class TestPaymentFollows:
    @pytest.fixture
    async def finn(self, town: Town) -> AsyncGenerator[tuple[Chat, Browser]]:
        async with Browser(town.world, person("finn")) as browser:
            yield await town.signed_in("finn"), browser

    async def test_updates_the_card_in_place_and_confirms(self, town: Town, finn: tuple[Chat, Browser]) -> None:
        chat, browser = finn
        message = await opened(chat)
        chat.skip()

        await pay(browser, town, "pay")
        confirmation = await chat.next()

        assert "is paid in full" in text_of(confirmation)
        shown = next(each for each in chat.shown if each.id == message)
        assert "Complete" in text_of(shown)
        assert "Pay now" not in [each.get("title") for each in actions(shown)]

    async def test_says_what_is_left_after_a_part(self, town: Town, finn: tuple[Chat, Browser]) -> None:
        chat, browser = finn
        await opened(chat)
        chat.skip()

        await pay(browser, town, "part")
        confirmation = await chat.next()

        assert "is left" in text_of(confirmation)

    async def test_calls_a_debit_under_way_no_payment(self, town: Town, finn: tuple[Chat, Browser]) -> None:
        chat, browser = finn
        message = await opened(chat)
        chat.skip()

        await pay(browser, town, "debit")
        notice = text_of(await chat.next())

        assert "A payment is being processed" in notice
        assert "received" not in notice
        shown = next(each for each in chat.shown if each.id == message)
        assert "Pay now" not in [each.get("title") for each in actions(shown)]

    async def test_draws_the_card_anew_without_a_word_after_a_payment_in_the_portal(
        self, town: Town, finn: tuple[Chat, Browser], sync_database: Database
    ) -> None:
        chat, _ = finn
        message = await opened(chat)
        read = {each.id for each in chat.shown}

        complete(town)
        await sync(town.settings, full=False)

        assert "Complete" in text_of(chat.client.conversation.entries[message])
        assert not [each for each in chat.shown if each.id not in read]
        await chat.press(chat.client.conversation.entries[message], "Back")
        async with sync_database.shared() as connection:
            assert await connection.fetchval("select count(*) from bot.shown") == 0

    @pytest.mark.parametrize(
        ("meanwhile", "status", "words"),
        [
            ({"statecode": 2, "statuscode": 100001}, 409, "Complete"),
            ({"statecode": 3, "statuscode": 4}, 404, "no longer in your company's account"),
            ({"work365_invoice_lastchargestatus": "Pending"}, 409, "A payment is being processed"),
        ],
        ids=["paid", "withdrawn", "pending"],
    )
    async def test_takes_the_button_off_a_card_on_which_somebody_presses_too_late(
        self, town: Town, finn: tuple[Chat, Browser], meanwhile: dict[str, str | int], status: int, words: str
    ) -> None:
        chat, browser = finn
        message = await opened(chat)
        environment(town.world).table("invoices").change(BILL, **meanwhile)

        page = await browser.open(f"{town.url}/invoices/{BILL}/pay")
        assert page.status == status
        card = await chat.wait_for(lambda each: each.id == message and words in text_of(each))

        assert "Pay now" not in [each.get("title") for each in actions(card)]

    async def test_says_it_once_where_several_processes_see_it(self, town: Town, finn: tuple[Chat, Browser]) -> None:
        chat, browser = finn
        message = await opened(chat)
        chat.skip()
        read = {each.id for each in chat.shown}
        await browser.open(f"{town.url}/invoices/{BILL}/pay")

        complete(town)
        async with house(town.settings, town.world.clock) as another:
            await asyncio.gather(passed(another), passed(town.house))
            confirmation = await chat.next()
            await passed(another)
        await passed(town.house)

        assert "is paid in full" in text_of(confirmation)
        assert "Complete" in text_of(chat.client.conversation.entries[message])
        assert [each.id for each in chat.shown if each.id not in read] == [confirmation.id]

    async def test_leaves_a_deleted_card_deleted_and_still_confirms(self, town: Town, finn: tuple[Chat, Browser]) -> None:
        chat, browser = finn
        message = await opened(chat)
        chat.client.conversation.entries.pop(message)
        chat.skip()

        await pay(browser, town, "pay")
        confirmation = await chat.next()

        assert "is paid in full" in text_of(confirmation)
        assert message not in chat.client.conversation.entries
        assert len(cards(confirmation)) == 1
        await chat.press(confirmation, "Details")
        assert "Complete" in text_of(chat.current(confirmation))
