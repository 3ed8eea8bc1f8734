"""Planning: once a minute, everybody whose hours have come and who has had nothing today."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Final

from billing.due import Custom, Why
from billing.ports import Clock
from billing.ports_reminders import Plans
from billing.reminding import Planned, Recipient, Rule

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
            awake = [each for each in people if rule.why_not(each) is None]
            new += await self._plans.plan(awake, rule) if awake else 0
        return new

    async def rehearse(self) -> AsyncGenerator[Prospect]:
        """Yield what a pass would plan for each person, or why it would not, and change nothing. Raises SourceDown."""
        rule = Rule(self._custom, self._clock())
        async for people in self._people():
            reasons = {each.conversation.person: rule.why_not(each) for each in people}
            awake = [each for each in people if reasons[each.conversation.person] is None]
            rows = await self._plans.rehearse(awake, rule) if awake else ()
            for each in people:
                says = tuple(row for row in rows if row.to is each)
                yield Prospect(each, reasons[each.conversation.person] or (None if says else Why.NOTHING), says)

    async def _people(self) -> AsyncGenerator[Sequence[Recipient]]:
        after = None
        while people := await self._plans.people(after, CHUNK):
            yield people
            after = people[-1].conversation.person
