"""The chat page: its addresses, and the page itself in a browser."""

import json
from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Page, expect

from sandbox.connector.client import ADAPTIVE_CARD
from sandbox.driver import Chat
from sandbox.people import PEOPLE, person
from sandbox.tree import Json
from sandbox.world import World
from tests.browser import needs_chat_page
from tests.patience import PATIENCE_S
from tests.sandbox.bot import Bot

FINN = person("finn")


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return an HTTP client."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE_S)) as made:
        yield made


class Stream:
    """The page's side of the stream of events."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def next(self) -> tuple[str, Any]:
        """Return the next event's name and content."""
        name = (await self._response.content.readline()).decode().removeprefix("event: ").strip()
        told = json.loads((await self._response.content.readline()).decode().removeprefix("data: "))
        await self._response.content.readline()
        return name, told


class TestAddresses:
    async def test_list_the_people(self, world: World, session: aiohttp.ClientSession) -> None:
        async with session.get(f"{world.base_url}/chat/people") as response:
            told = await response.json()

        assert [each["key"] for each in told["people"]] == [each.key for each in PEOPLE]

    async def test_stream_what_is_there_and_what_happens(self, world: World, bot: Bot, session: aiohttp.ClientSession) -> None:
        chat = Chat(world, FINN)
        await chat.open()
        where = chat.client.conversation.id
        first = await bot.send(where, text="Welcome")

        async with session.get(f"{world.base_url}/chat/finn/personal/events") as response:
            stream = Stream(response)
            snapshot = await stream.next()
            await bot.send(where, type="typing")
            typing = await stream.next()
            await bot.call("PUT", f"/{where}/activities/{first}", {"type": "message", "text": "Hello"})
            changed = await stream.next()
            await bot.call("DELETE", f"/{where}/activities/{first}")
            removed = await stream.next()

        assert [each["text"] for each in snapshot[1]["entries"]] == ["Welcome"]
        assert typing[0] == "typing"
        assert (changed[0], changed[1]["text"], changed[1]["isEdited"]) == ("message", "Hello", True)
        assert removed == ("removed", {"id": first, "text": ""})

    async def test_tell_that_the_bot_did_not_take_a_message(self, world: World, bot: Bot, session: aiohttp.ClientSession) -> None:
        bot.status = 503
        async with session.get(f"{world.base_url}/chat/finn/personal/events") as response:
            stream = Stream(response)
            await stream.next()
            await session.post(f"{world.base_url}/chat/finn/personal/say", json={"text": "help"})
            message, failed = await stream.next(), await stream.next()

        assert message[1]["author"] == {"key": "finn", "name": FINN.name}
        assert failed == ("failed", {"id": message[1]["id"], "text": "Not delivered: the bot answered 503."})

    @pytest.mark.parametrize(
        ("path", "content_type", "status"),
        [
            ("/chat/finn/personal/say", "text/plain", 415),
            ("/chat/nobody/personal/say", "application/json", 404),
            ("/chat/finn/elsewhere/say", "application/json", 404),
            ("/chat/finn/personal/fly", "application/json", 404),
        ],
    )
    async def test_refuse_what_the_page_never_does(
        self, world: World, session: aiohttp.ClientSession, path: str, content_type: str, status: int
    ) -> None:
        async with session.post(world.base_url + path, data='{"text": "help"}', headers={"Content-Type": content_type}) as response:
            assert response.status == status

    @pytest.mark.parametrize("name", ["..%2Fpackage.json", "unknown.js"])
    async def test_serve_no_other_file(self, world: World, session: aiohttp.ClientSession, name: str) -> None:
        async with session.get(f"{world.base_url}/chat/lib/{name}") as response:
            assert response.status == 404


@pytest.fixture
async def page(world: World, bot: Bot, browser: Browser) -> AsyncGenerator[Page]:
    """Open the page in a browser, as Finn; it may not complain about anything."""
    needs_chat_page()
    assert bot.world is world
    page = await browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(f"{world.base_url}/?person=finn&theme=dark")
    yield page
    assert complaints == []


class TestPage:
    async def test_shows_a_card_and_replaces_it_when_its_button_is_pressed(self, bot: Bot, page: Page) -> None:
        async def reply(activity: Json) -> Any:
            if activity["type"] == "message":
                await bot.send(activity["conversation"]["id"], attachments=[card("Open invoices")])
            if activity["type"] == "invoke":
                return {"statusCode": 200, "type": ADAPTIVE_CARD, "value": card("Invoice INV-1")["content"]}
            return None

        bot.reply = reply
        await page.get_by_label("Type a message").fill("open invoices")
        await page.keyboard.press("Enter")
        shown = page.get_by_role("log", name="Messages")
        await expect(shown.get_by_text("Open invoices", exact=True)).to_be_visible()
        await expect(shown.locator(".badge")).to_have_text("Overdue")
        await shown.get_by_label("Note").fill("hello")
        await shown.get_by_role("button", name="Details").click()

        await expect(shown.get_by_text("Invoice INV-1")).to_be_visible()
        await expect(shown.get_by_text("Open invoices", exact=True)).to_have_count(0)
        assert bot.of_type("invoke")[0]["value"]["action"] == {
            "type": "Action.Execute",
            "title": "Details",
            "verb": "details",
            "data": {"invoice": "INV-1", "note": "hello"},
        }

    async def test_says_that_the_app_cannot_be_reached(self, world: World, bot: Bot, page: Page) -> None:
        await expect(page.get_by_role("button", name="Remove app")).to_be_visible()
        await bot.send(Chat(world, FINN).client.conversation.id, attachments=[card("Open invoices")])
        bot.status = 500

        await page.get_by_role("button", name="Details").click()

        await expect(page.get_by_role("alert")).to_have_text("Unable to reach app. Please try again.")

    async def test_keeps_peoples_words_from_becoming_markup(self, world: World, bot: Bot, page: Page) -> None:
        await expect(page.get_by_role("button", name="Remove app")).to_be_visible()
        where = Chat(world, FINN).client.conversation.id
        await bot.send(where, text="<img src=x onerror=alert(1)> [x](javascript:alert(1)) **bold**")

        await expect(page.locator(".bubble strong")).to_have_text("bold")
        await expect(page.locator(".bubble img, .bubble a")).to_have_count(0)

    async def test_follows_the_person_and_the_theme(self, bot: Bot, page: Page) -> None:
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        await page.get_by_role("button", name="Fay Moreau").click()
        await page.get_by_role("button", name="Dark theme").click()
        await page.get_by_label("Type a message").fill("hilfe")
        await page.get_by_role("button", name="Send").click()

        await expect(page.locator("html")).to_have_attribute("data-theme", "light")
        await expect(page.locator(".mine .bubble")).to_have_text("hilfe")
        assert bot.taken[-1]["from"]["name"] == "Fay Moreau"


def card(text: str) -> Json:
    """Return a card with a badge, an input and a button, as an attachment."""
    content = {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": [
            {"type": "TextBlock", "text": text},
            {"type": "Badge", "text": "Overdue", "style": "Attention", "fallback": "drop"},
            {"type": "Input.Text", "id": "note", "label": "Note"},
        ],
        "actions": [{"type": "Action.Execute", "title": "Details", "verb": "details", "data": {"invoice": "INV-1"}}],
    }
    return {"contentType": ADAPTIVE_CARD, "content": content}
