"""Our bot as the operator starts it, and the questions that it is asked."""

import json
from typing import Any

from bench.clouds import Clouds
from bench.load import Turn
from bench.people import BenchPerson
from sandbox.server import bot_environment
from sandbox.tree import objects

FIRST_PAGE: dict[str, Any] = {"type": "Action.Execute", "verb": "invoices.list", "data": {"show": "open"}}


def environment(clouds: Clouds, database_url: str) -> dict[str, str]:
    """Return the settings of ``python app.py serve``: nothing but the bot runs in its process."""
    return {
        **bot_environment(clouds.world, 3978),
        "DATABASE_URL": database_url,
        "WORKER": "external",
        "MAX_STALENESS_S": "86400",
    }


def typed(clouds: Clouds, bot_url: str, text: str) -> Turn:
    """Return a turn that types *text*."""
    return lambda person: clouds.message(bot_url, person, text)


class Leafing:
    """People who leaf through their open invoices: each starts on the first page and follows Next, and starts again at the end."""

    def __init__(self, clouds: Clouds, bot_url: str) -> None:
        self._clouds = clouds
        self._url = bot_url
        self._next: dict[BenchPerson, dict[str, Any]] = {}

    async def __call__(self, person: BenchPerson) -> float:
        """Turn one page."""
        took, answer = await self._clouds.press(self._url, person, self._next.pop(person, FIRST_PAGE))
        for each in titled(answer, "Next"):
            self._next[person] = each
        return took


class Details:
    """People who look at the invoice that is due first in their company."""

    def __init__(self, clouds: Clouds, bot_url: str) -> None:
        self._clouds = clouds
        self._url = bot_url
        self._known: dict[int, dict[str, Any]] = {}

    async def __call__(self, person: BenchPerson) -> float:
        """Press Details; the first of a company looks at the list before."""
        if person.company not in self._known:
            _, answer = await self._clouds.press(self._url, person, FIRST_PAGE)
            self._known[person.company] = titled(answer, "Details")[0]
        return (await self._clouds.press(self._url, person, self._known[person.company]))[0]


def titled(answer: str, title: str) -> list[dict[str, Any]]:
    """Return the Action.Execute buttons of that title in an invoke's answer."""
    return [each for each in objects(json.loads(answer)) if each.get("title") == title and each.get("type") == "Action.Execute"]
