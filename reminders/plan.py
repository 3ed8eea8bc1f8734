"""Planning: once a minute, everybody whose hours have come and who has had nothing today."""

import logging
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Final

from billing.due import Custom, Why
from billing.errors import Problem
from billing.ports import Clock
from billing.ports_reminders import Plans
from billing.reminding import Planned, Recipient, Rule

log = logging.getLogger(__name__)

CHUNK: Final = 50
"""People in one transaction: few, because chat waits while what there is to say to them is worked out in its process."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What one person would get.

    why   why nothing; None where there is something
    says  everything that would be in the message
    """

    to: Recipient
    why: Why | None
    says: tuple[Planned, ...]


class Planner:
    """Looks at the mirror and writes the ledger. Doing it twice changes nothing."""

    def __init__(self, plans: Plans, custom: Custom, clock: Clock) -> None:
        self._plans = plans
        self._custom = custom
        self._clock = clock

    async def run(self) -> int:
        """Plan for everybody; return how many things to say are new. Raises SourceDown."""
        rule, new = Rule(self._custom, self._clock()), 0
        async for people in self._people():
            new += await self._planned(people, rule)
        return new

    async def rehearse(self) -> AsyncGenerator[Prospect]:
        """Yield what a pass would plan for each person, or why it would not, and change nothing. Raises SourceDown."""
        rule = Rule(self._custom, self._clock())
        async for people in self._people():
            for prospect in await self._rehearsed(people, rule):
                yield prospect

    async def _planned(self, people: Sequence[Recipient], rule: Rule) -> int:
        """Plan for *people*; where that breaks off, for one after the other, so that one keeps nobody else from it. Raises SourceDown."""
        try:
            awake = [each for each in people if rule.why_not(each) is None]
            return await self._plans.plan(awake, rule) if awake else 0
        except Problem:
            raise
        except Exception:
            if len(people) == 1:
                log.exception("reminders.not_planned", extra={"person": people[0].conversation.person.hashed})
                return 0
        return sum([await self._planned([each], rule) for each in people])

    async def _rehearsed(self, people: Sequence[Recipient], rule: Rule) -> list[Prospect]:
        """Do what ``_planned`` does, and change nothing. Raises SourceDown."""
        try:
            reasons = [rule.why_not(each) for each in people]
            awake = [each for each, why in zip(people, reasons, strict=True) if why is None]
            rows = await self._plans.rehearse(awake, rule) if awake else ()
        except Problem:
            raise
        except Exception:
            if len(people) == 1:
                log.exception("reminders.not_planned", extra={"person": people[0].conversation.person.hashed})
                return [Prospect(people[0], Why.UNREADABLE, ())]
            return [prospect for each in people for prospect in await self._rehearsed([each], rule)]
        told = [tuple(row for row in rows if row.to is each) for each in people]
        return [Prospect(to, why or (None if says else Why.NOTHING), says) for to, why, says in zip(people, reasons, told, strict=True)]

    async def _people(self) -> AsyncGenerator[Sequence[Recipient]]:
        after = None
        while people := await self._plans.people(after, CHUNK):
            yield people
            after = people[-1].conversation.person
