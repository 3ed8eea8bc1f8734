"""Introduces the parts to each other: settings and backends in, use cases and a web application out."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web

from assembly.backends import opened
from assembly.browser import web_application
from assembly.chat import ChatSide
from assembly.gauges import Gauges
from assembly.people import People
from assembly.reminders import Reminders
from backends.dataverse.limits import Limits
from backends.postgres.forgetting import Forgetting
from backends.work365.sync import Sync
from billing.measures import Measures
from billing.ports import Clock
from bot.following import Following
from bot.turns import Turns
from settings import Settings


@dataclass(frozen=True, slots=True)
class House:
    """What the commands need."""

    application: web.Application
    turns: Turns
    sync: Sync
    following: Following
    forgetting: Forgetting
    reminders: Reminders
    gauges: Gauges
    measures: Measures


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


@asynccontextmanager
async def house(
    settings: Settings, clock: Clock = utc_now, reminders_clock: Clock | None = None, limits: Limits | None = None
) -> AsyncGenerator[House]:
    """Open the backends, build everything, and close it all in reverse. Raises SourceDown, BadMapping.

    reminders_clock  what reminders go by, where that is another time than everybody else's
    limits           how patiently Dataverse is read, where not as usual
    """
    async with opened(settings, clock, limits) as backends:
        people = People.of(backends)
        chat = ChatSide.of(backends, people)
        try:
            yield House(
                web_application(backends, people, chat),
                chat.turns,
                backends.work365.sync,
                chat.following,
                Forgetting(backends.all_rows, clock),
                Reminders.of(backends, people, chat, reminders_clock or clock),
                Gauges(backends),
                backends.measures,
            )
        finally:
            await chat.following.close()
