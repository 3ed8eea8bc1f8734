"""The contract of Sessions. Give the fixture ``sessions``."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.access import Person, TenantId
from billing.errors import NotSignedIn
from billing.people import Session
from billing.ports import Sessions
from tests.make import ADA, NOW, guid

_SESSION = Session(ADA, "ada@contoso.example", "Ada Lindqvist", NOW, frozenset({"Billing", "Reader"}), b"\0sealed")


class SessionsContract:
    async def test_returns_what_was_saved(self, sessions: Sessions) -> None:
        await sessions.save(_SESSION)

        assert await sessions.get(ADA) == _SESSION

    async def test_renews(self, sessions: Sessions) -> None:
        renewed = replace(_SESSION, confirmed=NOW + timedelta(hours=1), app_roles=frozenset(), tokens=b"newer")

        await sessions.save(_SESSION)
        await sessions.save(renewed)

        assert await sessions.get(ADA) == renewed

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
