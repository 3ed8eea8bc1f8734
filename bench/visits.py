"""What people do all day: ask, look into bills, leaf, open pages, take files along, come and go; and mornings, of which a soak has many."""

import asyncio
import random
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

import aiohttp
import asyncpg

from sandbox.browser import Browser
from sandbox.connector.conversation import Entry
from sandbox.dataverse import environment
from sandbox.demo import bill_id
from sandbox.driver import Chat, text_of
from sandbox.people import DemoPerson, person
from sandbox.tree import objects
from sandbox.world import World

VISITORS: Final = ("ada", "finn", "fay", "taro", "nora", "walt")
"""Of three companies, each with rights in theirs; and two who are refused."""

TYPED: Final = ("open invoices", "paid invoices", "overdue", "invoices", "balance", "help", "who am i", "reminders", "rice and beans")
FILES: Final = ("", "/invoice.pdf", "/usage.csv", "/pay")
MOST_PAGES: Final = 4
KEPT: Final = 50
"""Messages that a chat keeps: the sandbox forgets nothing by itself."""

THINKS_S: Final = 1.2
"""Between two things: faster, and the bot takes somebody for a flood."""

MORNING_EVERY_S: Final = 60.0
_NEXT_DAY: Final = """
    with sent as (
        delete from bot.reminder_messages m
        where not exists (select from bot.reminder_ledger l where l.message = m.id and l.state <> 'sent') returning id
    )
    select count(*) from sent
"""
_INVOICE: Final = re.compile(r"/invoices/([0-9a-f-]{36})")
_REMINDER: Final = "Invoice reminder"


@dataclass(slots=True)
class Visitor:
    """Somebody who does one thing after the other.

    done    what they did, by name
    failed  what went wrong, by name and reason
    """

    world: World
    bot_url: str
    person: DemoPerson
    chance: random.Random
    done: Counter[str] = field(default_factory=Counter[str])
    failed: Counter[str] = field(default_factory=Counter[str])

    async def stay(self) -> None:
        """Do things until cancelled."""
        await Chat(self.world, self.person).open()
        await self.sign_in()
        while True:
            doing = self.chance.choice((*[self.ask] * 6, *[self.leaf] * 3, *[self.look_into] * 4, *[self.browse] * 4, self.leave))
            try:
                await doing()
                self.done[doing.__name__] += 1
            except (LookupError, ValueError, TimeoutError, aiohttp.ClientError) as failure:
                self.failed[f"{doing.__name__}: {type(failure).__name__} {failure}"] += 1
            await asyncio.sleep(THINKS_S)

    async def ask(self) -> None:
        """Type something."""
        await self._answer(self.chance.choice(TYPED))

    async def leaf(self) -> None:
        """Turn the pages of what has been paid."""
        chat, shown = await self._answer("paid invoices")
        for _ in range(MOST_PAGES):
            if not _has(shown, "Next"):
                return
            shown = await _pressed(chat, shown, "Next")

    async def look_into(self) -> None:
        """Press Details."""
        chat, shown = await self._answer("open invoices")
        if _has(shown, "Details"):
            await _pressed(chat, shown, "Details")

    async def browse(self) -> None:
        """Open the list in a browser of its own, take it along as a file, and one invoice in some form."""
        async with Browser(self.world, self.person) as browser:
            await self._opened(browser, "/invoices")
            invoices = _INVOICE.findall(await self._opened(browser, "/invoices?show=all"))
            await self._opened(browser, "/invoices.csv")
            if invoices:
                await self._taken(browser, f"/invoices/{self.chance.choice(invoices)}{self.chance.choice(FILES)}")

    async def leave(self) -> None:
        """Sign out, and in again."""
        await self._answer("sign out")
        await self.sign_in()

    async def sign_in(self) -> None:
        """Sign in, unless Teams has done so by itself."""
        _, shown = await self._answer("sign in")
        addresses = [each["value"] for each in objects(shown.attachments) if each.get("type") == "signin"]
        async with Browser(self.world, self.person) as browser:
            for address in addresses:
                await browser.open(address)

    async def _answer(self, text: str) -> tuple[Chat, Entry]:
        """Type *text*, and return the answer, which no reminder is."""
        chat = Chat(self.world, self.person)
        entries = chat.client.conversation.entries
        for each in list(entries)[:-KEPT]:
            del entries[each]
        before = set(entries)
        await chat.say(text)
        return chat, await chat.wait_for(lambda each: each.id not in before and _REMINDER not in text_of(each))

    async def _opened(self, browser: Browser, path: str) -> str:
        """Return what an address shows, somebody who signs in on the way included. Raises ValueError where the bot fails."""
        page = await browser.open(f"{self.bot_url}{path}")
        _refuse_failure(page.status, path)
        return page.text

    async def _taken(self, browser: Browser, path: str) -> None:
        """Read an address to its end, whatever it is. Raises ValueError where the bot fails."""
        async with browser.session.get(f"{self.bot_url}{path}") as answer:
            await answer.read()
            _refuse_failure(answer.status, path)


def visitors(world: World, bot_url: str) -> list[Visitor]:
    """Return everybody, in a zone where it is noon: the hour of reminders has come."""
    noon = f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"
    return [Visitor(world, bot_url, replace(person(key), zone=noon), random.Random(key)) for key in VISITORS]  # noqa: S311 - a soak


async def mornings(world: World, database: asyncpg.Pool, done: Counter[str]) -> None:
    """Change a bill in Work 365, and let everybody be reminded as if it were another day, again and again; count what was sent."""
    bills = environment(world).table("invoices")
    while True:
        done["reminder"] += await database.fetchval(_NEXT_DAY)
        bills.change(bill_id("contoso.week"), work365_invoice_ponumber=f"PO-{datetime.now(UTC):%H%M}")
        await asyncio.sleep(MORNING_EVERY_S)


def _refuse_failure(status: int, path: str) -> None:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ValueError(f"{status} at {_INVOICE.sub('/invoices/ID', path)}")


def _has(entry: Entry, title: str) -> bool:
    return any(each.get("title") == title for each in objects(entry.attachments))


async def _pressed(chat: Chat, entry: Entry, title: str) -> Entry:
    """Return what stands in the place of *entry* once a button was pressed. Raises ValueError with what Teams would show instead."""
    outcome = await chat.press(entry, title)
    if outcome.kind == "error":
        raise ValueError(outcome.text)
    return chat.current(entry)
