"""A pass of reminders in a town, and what a test wants to know of the ledger."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from assembly.reminders import Reminders
from backends.postgres.database import Database, DatabaseRole
from sandbox.connector.conversation import Entry
from sandbox.driver import Chat, text_of
from sandbox.faults import Fault
from tests import databases
from tests.clock import ChosenClock
from tests.town import Town, town

MORNING = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
"""Half past nine in New York, where Contoso's people are; a Monday."""

POST = "POST /connector/v3/conversations"
"""What a fault matches to meet every message of the bot."""


async def one_pass(reminders: Reminders) -> Counter[str]:
    """Plan and deliver once; return messages by how they ended, and ``planned`` things to say."""
    done = Counter(planned=await reminders.planner.run())
    for tenant in await reminders.outbox.tenants(reminders.clock()):
        drained = await reminders.delivery.drain(tenant)
        done.update({f"{state} again" if state == "planned" else state: count for state, count in drained.tally.items()})
    return +done


async def reachable(town: Town, key: str) -> Chat:
    """Return the chat of a person who has installed the app and signed in."""
    chat = town.chat(key)
    await chat.open()
    await chat.next()
    await town.sign_in(chat, await chat.ask("sign in"))
    await chat.next()
    return chat


def reminders_in(chat: Chat) -> list[Entry]:
    """Return the reminders that a person has got."""
    return [each for each in chat.shown if "Invoice reminder" in text_of(each)]


async def states(database: Database) -> Counter[tuple[str, str]]:
    """Return the ledger's rows by state and reason."""
    async with database.shared() as connection:
        rows = await connection.fetch("select state, reason, count(*) from bot.reminder_ledger group by 1, 2")
    return Counter({(row[0], row[1]): row[2] for row in rows})


def refusal(status: int, code: str, *, times: int | None = 1) -> Fault:
    """Return a fault with which the connector refuses messages."""
    return Fault("connector", POST, status=status, body={"error": {"code": code, "message": code}}, times=times)


@asynccontextmanager
async def reminded_town(database_url: str) -> AsyncGenerator[tuple[Town, ChosenClock, Database]]:
    """Return a town on a Monday morning, its clock, and its database as the ledger sees it."""
    clock = ChosenClock(MORNING)
    async with databases.connected(database_url, DatabaseRole.SYNC) as rows, town(database_url, clock) as built:
        yield built, clock, rows
