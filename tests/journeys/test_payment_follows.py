"""After paying, the chat knows: the card follows in place, and a message says what became of it."""

from collections.abc import AsyncGenerator

import pytest

from sandbox.browser import Browser
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
