"""Clouds that keep a ledger: what was posted, how the bot took it, and which answers came to it."""

import asyncio
import json
from dataclasses import dataclass, field
from time import perf_counter

from aiohttp import web

from bench.clouds import Clouds
from bench.people import BenchPerson

_LOOKS_EVERY_S = 0.05


@dataclass(slots=True)
class Posted:
    """A message and what became of it.

    status    the HTTP status; 0 while there is none
    taken_s   seconds until that
    answers   seconds until each answer
    typing_s  seconds until the first sign of life
    """

    person: BenchPerson
    at: float
    status: int = 0
    taken_s: float = 0.0
    answers: list[float] = field(default_factory=list[float])
    typing_s: float | None = None

    @property
    def is_accepted(self) -> bool:
        """Whether the bot owes an answer."""
        return self.status == 202  # noqa: PLR2004 - HTTP

    @property
    def sign_of_life_s(self) -> float | None:
        """Seconds until something was seen; None where nothing was."""
        seen = [*self.answers[:1], *([] if self.typing_s is None else [self.typing_s])]
        return min(seen) if seen else None


class LedgerClouds(Clouds):
    """Remembers every message by its id."""

    ledger: dict[str, Posted]

    async def ask(self, bot_url: str, person: BenchPerson, text: str, *, times: int = 1) -> Posted:
        """Post a message, several *times* at once if so told, and return without waiting for its answer."""
        activity = self.activity(person, type="message", text=text, textFormat="plain")
        posted = self.ledger[activity["id"]] = Posted(person, perf_counter())
        found = await asyncio.gather(*(self.post(bot_url, activity) for _ in range(times)))
        posted.status, posted.taken_s = max(status for status, _ in found), perf_counter() - posted.at
        return posted

    async def handle(self, request: web.Request) -> web.Response:
        """Take a message and enter it."""
        said = json.loads(await request.text())
        posted = self.ledger.get(str(said.get("replyToId")))
        if posted is not None and said.get("type") == "typing":
            posted.typing_s = posted.typing_s or perf_counter() - posted.at
        elif posted is not None:
            posted.answers.append(perf_counter() - posted.at)
        return web.Response(status=201, text='{"id":"1:sent"}', content_type="application/json")

    async def settled(self, within_s: float) -> float:
        """Wait until all that was accepted has been answered; return the seconds that took, at most *within_s*."""
        began = perf_counter()
        for _ in range(round(within_s / _LOOKS_EVERY_S)):
            if not any(each.is_accepted and not each.answers for each in self.ledger.values()):
                break
            await asyncio.sleep(_LOOKS_EVERY_S)
        return perf_counter() - began


def quantile_ms(waited_s: list[float], quantile: float) -> float:
    """Return a quantile in milliseconds; 0 of nothing."""
    shown = sorted(waited_s)
    return round(1000 * shown[min(len(shown) - 1, int(len(shown) * quantile))], 1) if shown else 0.0
