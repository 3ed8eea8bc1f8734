"""The contract of BrowserSessions. Give the fixture ``browser_sessions``."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.access import Person, PersonId
from billing.errors import NotSignedIn
from billing.people import BrowserSession
from billing.ports import BrowserSessions
from tests.make import ADA, NOW, guid

_SESSION = BrowserSession(b"\0first", ADA, "csrf-1", NOW)
_IDLE = timedelta(hours=8)


class BrowserSessionsContract:
    async def test_knows_a_browser_that_was_opened(self, browser_sessions: BrowserSessions) -> None:
        await browser_sessions.open(_SESSION)

        assert await browser_sessions.seen(_SESSION.id, NOW, NOW - _IDLE) == _SESSION

    async def test_does_not_know_another_one(self, browser_sessions: BrowserSessions) -> None:
        await browser_sessions.open(_SESSION)

        with pytest.raises(NotSignedIn):
            await browser_sessions.seen(b"\0other", NOW, NOW - _IDLE)

    async def test_forgets_one_that_was_idle_for_too_long(self, browser_sessions: BrowserSessions) -> None:
        await browser_sessions.open(_SESSION)
        later = NOW + _IDLE

        with pytest.raises(NotSignedIn):
            await browser_sessions.seen(_SESSION.id, later, later - _IDLE)

    async def test_counts_idleness_from_the_last_use(self, browser_sessions: BrowserSessions) -> None:
        await browser_sessions.open(_SESSION)
        almost = NOW + _IDLE - timedelta(seconds=1)
        await browser_sessions.seen(_SESSION.id, almost, almost - _IDLE)
        later = almost + timedelta(hours=7)

        assert (await browser_sessions.seen(_SESSION.id, later, later - _IDLE)).seen == later

    async def test_closes_one_and_leaves_the_others(self, browser_sessions: BrowserSessions) -> None:
        second = replace(_SESSION, id=b"second")
        for each in (_SESSION, second):
            await browser_sessions.open(each)

        await browser_sessions.close(_SESSION.id)
        await browser_sessions.close(_SESSION.id)

        assert await browser_sessions.seen(second.id, NOW, NOW - _IDLE) == second
        with pytest.raises(NotSignedIn):
            await browser_sessions.seen(_SESSION.id, NOW, NOW - _IDLE)

    async def test_closes_all_of_one_person_and_of_nobody_else(self, browser_sessions: BrowserSessions) -> None:
        finn = replace(_SESSION, id=b"finn", person=Person(ADA.tenant, PersonId(guid("finn"))))
        for each in (_SESSION, replace(_SESSION, id=b"second"), finn):
            await browser_sessions.open(each)

        await browser_sessions.close_all(ADA)

        assert await browser_sessions.seen(finn.id, NOW, NOW - _IDLE) == finn
        for closed in (_SESSION.id, b"second"):
            with pytest.raises(NotSignedIn):
                await browser_sessions.seen(closed, NOW, NOW - _IDLE)
