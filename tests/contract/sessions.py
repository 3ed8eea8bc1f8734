"""The contract of Sessions. Give the fixture ``sessions``."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from billing.access import Person, TenantId
from billing.errors import NotSignedIn
from billing.people import Session
from billing.ports import Sessions
from tests.make import ADA, NOW, guid

_SESSION = Session(ADA, "ada@contoso.example", "Ada Lindqvist", NOW, frozenset({"Billing", "Reader"}), b"\0sealed")
_RENEWED = replace(_SESSION, confirmed=NOW + timedelta(hours=1), app_roles=frozenset(), tokens=b"newer")


class SessionsContract:
    async def test_returns_what_was_saved(self, sessions: Sessions) -> None:
        await sessions.save(_SESSION)

        assert await sessions.get(ADA) == _SESSION

    async def test_renews(self, sessions: Sessions) -> None:
        await sessions.save(_SESSION)
        await sessions.save(_RENEWED, renews=_SESSION)

        assert await sessions.get(ADA) == _RENEWED

    async def test_begins_anew_whatever_there_was(self, sessions: Sessions) -> None:
        await sessions.save(_SESSION)
        await sessions.save(_RENEWED)

        assert await sessions.get(ADA) == _RENEWED

    async def test_renews_none_that_has_ended(self, sessions: Sessions) -> None:
        await sessions.save(_SESSION)
        await sessions.leave(ADA)

        with pytest.raises(NotSignedIn):
            await sessions.save(_RENEWED, renews=_SESSION)
        with pytest.raises(NotSignedIn):
            await sessions.get(ADA)
        assert await sessions.has_left(ADA)

    async def test_begins_none_that_nobody_clicked_for_after_a_sign_out(self, sessions: Sessions) -> None:
        await sessions.save(_SESSION, is_asked=False)
        began = await sessions.get(ADA)
        await sessions.leave(ADA)

        with pytest.raises(NotSignedIn):
            await sessions.save(_RENEWED, is_asked=False)
        with pytest.raises(NotSignedIn):
            await sessions.get(ADA)
        assert began == _SESSION
        assert await sessions.has_left(ADA)

    async def test_ends_what_begins_at_the_moment_of_a_sign_out(self, sessions: Sessions) -> None:
        for _ in range(20):
            await sessions.save(_SESSION)
            await asyncio.gather(sessions.save(_RENEWED, is_asked=False), sessions.leave(ADA), return_exceptions=True)

            with pytest.raises(NotSignedIn):
                await sessions.get(ADA)

    async def test_renews_none_that_another_has_taken_the_place_of(self, sessions: Sessions) -> None:
        another = replace(_SESSION, confirmed=NOW + timedelta(seconds=1), tokens=b"another")
        await sessions.save(another)

        with pytest.raises(NotSignedIn):
            await sessions.save(_RENEWED, renews=_SESSION)
        assert await sessions.get(ADA) == another

    async def test_knows_nobody_who_has_not_signed_in(self, sessions: Sessions) -> None:
        await sessions.save(_SESSION)

        with pytest.raises(NotSignedIn):
            await sessions.get(Person(TenantId(guid("elsewhere")), ADA.id))

    async def test_ends_twice_as_well_as_once(self, sessions: Sessions) -> None:
        await sessions.save(_SESSION)

        await sessions.end(ADA)
        await sessions.end(ADA)

        with pytest.raises(NotSignedIn):
            await sessions.get(ADA)
        assert not await sessions.has_left(ADA)

    async def test_remembers_who_left_until_they_come_back(self, sessions: Sessions) -> None:
        await sessions.save(_SESSION)

        await sessions.leave(ADA)
        await sessions.leave(ADA)
        has_left = await sessions.has_left(ADA)
        await sessions.save(_SESSION)

        assert has_left
        assert not await sessions.has_left(ADA)
        assert await sessions.get(ADA) == _SESSION
