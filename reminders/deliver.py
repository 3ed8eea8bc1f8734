"""Delivery: rights first, then the claim, then one attempt, then the record of how it ended."""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from billing import correlation
from billing.access import Caller, Person, TenantId
from billing.delivery import OUT_OF_REACH, SURELY_NOT_ARRIVED, NotDelivered, Outcome
from billing.due import Custom, Why
from billing.errors import NotAllowed, NotSignedIn, Problem, SourceDown
from billing.pay import PayRule
from billing.ports import Callers, Clock
from billing.ports_reminders import Messenger, Outbox
from billing.reminding import Ended, Parcel, Rule
from billing.zones import zone_named
from cards.kit import Card
from cards.links import Links
from cards.reminder import ROWS, reminder
from reminders.pace import Pace
from words.reader import Reader

log = logging.getLogger(__name__)

CHUNK: Final = 5
"""People of a tenant that are claimed together and written to at the same time."""

UNDER_WAY: Final = 10
"""Chunks that a process may have under way: what a crash can leave uncertain."""

_UNAUTHORIZED_PAUSE: Final = timedelta(minutes=10)
_CONFLICT_PAUSE: Final = timedelta(seconds=30)
_RECORD_AGAIN_AFTER_S: Final = 0.5, 2.0, 5.0, 10.0, 10.0
"""Waits for a database that is away while what Teams has answered is to be written down: with the longest attempt, a lease."""


@dataclass(frozen=True, slots=True)
class Drained:
    """How a tenant's drain ended.

    tally  messages by how they ended
    pause  how long the tenant must wait for the rest; None where nothing is left to wait for
    """

    tally: Mapping[str, int]
    pause: timedelta | None


@dataclass(frozen=True, slots=True)
class _Tried:
    ended: Ended
    failure: NotDelivered | None = None


class Delivery:
    """Works off what is planned for a tenant. The ledger allows several at once; pacing asks for one."""

    def __init__(
        self, outbox: Outbox, callers: Callers, messenger: Messenger, custom: Custom, links: Links, pay: PayRule, clock: Clock
    ) -> None:
        self._outbox = outbox
        self._callers = callers
        self._messenger = messenger
        self._custom = custom
        self._links = links
        self._pay = pay
        self._clock = clock
        self._under_way = asyncio.Semaphore(UNDER_WAY)
        self._stopping = False

    def stop(self) -> None:
        """Finish what has been claimed, and claim nothing more."""
        self._stopping = True

    async def drain(self, tenant: TenantId, shared: Pace | None = None) -> Drained:
        """Send what waits for a tenant's people, until nothing does or the tenant has to pause. Raises SourceDown.

        shared  the pace of everything that the process sends; None where nothing else suffers from it
        """
        correlation.begin()
        tally, pause, paces = Counter[str](), None, [Pace(), *([shared] if shared else [])]
        while pause is None and not self._stopping and (people := await self._outbox.waiting(tenant, self._clock(), CHUNK)):
            confirmed, unconfirmed = await self._confirmed(people)
            tried = await self._sent(confirmed, paces)
            tally.update(each.ended.state for each in tried)
            failures = [*unconfirmed, *(each.failure for each in tried if each.failure)]
            pause = await self._pause(tenant, failures)
        log.info("reminders.drained", extra={"tenant": tenant, **tally, "pause_s": pause and pause.total_seconds()})
        return Drained(tally, pause)

    async def _confirmed(self, people: Sequence[Person]) -> tuple[Mapping[Person, Caller | Why], list[SourceDown]]:
        """Return each person's rights as they are now, or why they get nothing; and the failures to find out."""
        found = await asyncio.gather(*(self._rights(each) for each in people))
        confirmed = {person: rights for person, rights in zip(people, found, strict=True) if not isinstance(rights, SourceDown)}
        return confirmed, [each for each in found if isinstance(each, SourceDown)]

    async def _rights(self, person: Person) -> Caller | Why | SourceDown:
        try:
            return await self._callers.caller(person)
        except NotSignedIn:
            return Why.SIGNED_OUT
        except NotAllowed:
            return Why.NO_ROLE
        except Problem as problem:
            return SourceDown(reason=type(problem).__name__)

    async def _sent(self, confirmed: Mapping[Person, Caller | Why], paces: Sequence[Pace]) -> list[_Tried]:
        for each in paces:
            await each.take(len(confirmed))
        async with self._under_way:
            if self._stopping:  # since this began to wait
                return []
            parcels = await self._claimed(confirmed)
            told = await asyncio.gather(*(self._told(each) for each in parcels), return_exceptions=True)
        for each in told:
            if isinstance(each, BaseException):  # only now: the others have been under way until here
                raise each
        return [each for each in told if isinstance(each, _Tried)]

    async def _claimed(self, confirmed: Mapping[Person, Caller | Why]) -> Sequence[Parcel]:
        """Claim for all; where that breaks off, for one after the other, and let go what breaks it off. Raises SourceDown."""
        rule = Rule(self._custom, self._clock())
        try:
            return await self._outbox.claim(confirmed, rule)
        except Problem:
            raise
        except Exception:
            if len(confirmed) == 1:
                log.exception("reminders.not_claimed", extra={"person": next(iter(confirmed)).hashed})
                return await self._outbox.claim(dict.fromkeys(confirmed, Why.UNREADABLE), rule)
        return [parcel for person, rights in confirmed.items() for parcel in await self._claimed({person: rights})]

    async def _told(self, parcel: Parcel) -> _Tried:
        """Send one message, and record at once how that ended."""
        tried = await self._try(parcel)
        await self._record(tried.ended)
        return tried

    async def _record(self, ended: Ended) -> None:
        """Write down how an attempt ended, also where the database is away for a moment. Raises SourceDown."""
        for wait_s in _RECORD_AGAIN_AFTER_S:
            with suppress(SourceDown):
                return await self._outbox.end(ended)
            await asyncio.sleep(wait_s)
        return await self._outbox.end(ended)

    async def _try(self, parcel: Parcel) -> _Tried:
        """Send one message: one attempt, and a short one where the long one is too big."""
        try:
            card = self._drawn(parcel)
        except Exception:
            log.exception("reminders.not_drawn", extra={"parcel": parcel.id})
            return _Tried(self._ended(parcel, "failed", "could not be drawn"))
        try:
            await self._post(parcel, card)
        except NotDelivered as failure:
            return _Tried(self._after(parcel, failure), failure)
        except Exception:
            log.exception("reminders.failed", extra={"parcel": parcel.id})
            return _Tried(self._ended(parcel, "uncertain", "the attempt broke off"))
        return _Tried(self._ended(parcel, "sent", ""))

    async def _post(self, parcel: Parcel, card: Card) -> None:
        conversation = parcel.to.conversation
        try:
            await self._messenger.send(conversation, card, card["fallbackText"])
        except NotDelivered as failure:
            if failure.outcome is not Outcome.TOO_BIG:
                raise
            still = await self._rights(conversation.person)  # a second message: what the person has done meanwhile counts
            if isinstance(still, SourceDown):
                raise NotDelivered(Outcome.UNREACHED, reason=still.facts.get("reason")) from failure
            if isinstance(still, Why):
                raise
            short = self._drawn(parcel, rows=0)
            await self._messenger.send(conversation, short, short["fallbackText"])

    def _drawn(self, parcel: Parcel, rows: int = ROWS) -> Card:
        conversation, now = parcel.to.conversation, self._clock()
        reader = Reader(conversation.locale, zone_named(conversation.zone), now)
        pay = self._pay.on(conversation.person.tenant, is_phone=None)
        payable = pay.payable((each.subject.invoice for each in parcel.told), now)
        hour = self._custom.hours(parcel.to.wishes, reader.zone).hour
        return reminder(parcel.told, reader, self._links, hour=hour, payable=payable, rows=rows)

    def _after(self, parcel: Parcel, failure: NotDelivered) -> Ended:
        outcome = failure.outcome
        if outcome is Outcome.UNCERTAIN:
            return self._ended(parcel, "uncertain", "no answer")
        if outcome in SURELY_NOT_ARRIVED or outcome is Outcome.UNAUTHORIZED:
            later = _CONFLICT_PAUSE * random.uniform(0.75, 1.25) if outcome is Outcome.CONFLICT else timedelta(0)  # noqa: S311 - jitter
            return self._ended(parcel, "planned", outcome.value, later)
        if outcome not in OUT_OF_REACH or outcome is Outcome.FORBIDDEN:
            log.error("reminders.refused", extra={"parcel": parcel.id, "facts": failure.facts})
        return self._ended(parcel, "failed", outcome.value, is_lost=outcome in OUT_OF_REACH)

    def _ended(self, parcel: Parcel, state: str, reason: str, later: timedelta = timedelta(0), *, is_lost: bool = False) -> Ended:
        return Ended(parcel.id, state, reason, self._clock() + later, is_lost)

    async def _pause(self, tenant: TenantId, failures: Sequence[NotDelivered | SourceDown]) -> timedelta | None:
        """Pause the tenant where a failure asks for it; return for how long."""
        waits = [wait for each in failures if (wait := _wait(each)) is not None]
        if not waits:
            return None
        asked = max((wait for wait in waits if wait), default=None)
        pause = await self._outbox.pause(tenant, self._clock(), asked)
        log.warning(
            "reminders.paused", extra={"tenant": tenant, "seconds": pause.total_seconds(), "facts": [each.facts for each in failures]}
        )
        return pause


def _wait(failure: NotDelivered | SourceDown) -> timedelta | None:
    """Return the pause that a failure asks for, zero where it does not say how long; None where it asks for none."""
    if isinstance(failure, SourceDown) or failure.outcome in {Outcome.UNREACHED, Outcome.UNCERTAIN}:
        return timedelta(0)
    if failure.outcome is Outcome.UNAUTHORIZED:
        return _UNAUTHORIZED_PAUSE
    if failure.outcome is Outcome.THROTTLED:
        return timedelta(seconds=failure.retry_after_s or 0)
    return None
