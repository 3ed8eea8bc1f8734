"""A personal chat is kept when it is new or has changed, once, and for its own person alone."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from backends.postgres.audit import PostgresAudit
from backends.postgres.conversations import PostgresConversations
from backends.postgres.database import Database
from billing.errors import NotAllowed, NotFound, UnknownPerson
from bot.asker import Asker
from bot.codec import decode
from bot.known_chats import BELIEVED_FOR, REMEMBERED, KnownChats
from tests.bot.activities import ADA, recorded
from tests.clock import ChosenClock
from tests.make import guid


class Chats:
    """Known chats over a real database."""

    def __init__(self, database: Database, clock: ChosenClock, remembered: int = REMEMBERED) -> None:
        self.stored = PostgresConversations(database, clock)
        self._parts = (self.stored, PostgresAudit(database, clock), clock)
        self.known = KnownChats(*self._parts, remembered)

    async def keep(self, changes: Mapping[str, Any] | None = None, *, is_installed: bool = False) -> bool:
        """Meet Ada's chat once more."""
        activity = decode(recorded("message", **changes or {}))
        return await self.known.keep(Asker.of(activity), activity, is_installed=is_installed)

    async def remove(self, *, elsewhere: bool = False) -> None:
        """Let Ada remove the app, as told to this process or to another one."""
        known = KnownChats(*self._parts) if elsewhere else self.known
        await known.removed(Asker.of(decode(recorded("message"))))


async def refusals(sync_database: Database) -> list[tuple[str, str, str]]:
    """Return whom the audit knows to have been refused, and why."""
    async with sync_database.shared() as connection:
        rows = await connection.fetch("select tenant, person, outcome from bot.audit where what = 'refusal' order by entry")
    return [tuple(row) for row in rows]


@pytest.fixture
def clock() -> ChosenClock:
    return ChosenClock()


@pytest.fixture
def chats(database: Database, clock: ChosenClock) -> Chats:
    return Chats(database, clock)


class TestKeep:
    async def test_keeps_how_to_speak_first_and_not_what_was_said(self, chats: Chats) -> None:
        is_new = await chats.keep({"text": "a secret"})

        kept = await chats.stored.get(ADA)
        assert is_new
        assert kept.reference["serviceUrl"] == recorded("message")["serviceUrl"]
        assert "activityId" not in kept.reference
        assert "a secret" not in str(kept)

    async def test_is_new_once(self, chats: Chats) -> None:
        assert [await chats.keep() for _ in range(3)] == [True, False, False]

    async def test_follows_a_person_who_changes_language(self, chats: Chats) -> None:
        await chats.keep({"locale": "en-US"})
        await chats.keep({"locale": "ja-JP"})

        assert (await chats.stored.get(ADA)).locale == "ja-JP"

    async def test_believes_itself_for_five_minutes_and_then_looks_again(self, chats: Chats, clock: ChosenClock) -> None:
        await chats.keep()
        await chats.remove(elsewhere=True)
        early = await chats.keep()
        clock.advance(BELIEVED_FOR)

        assert (early, await chats.keep()) == (False, True)

    async def test_looks_again_at_once_where_it_has_reason_to_doubt(self, chats: Chats) -> None:
        await chats.keep()
        await chats.remove(elsewhere=True)

        chats.known.doubt(recorded("message")["conversation"]["id"])

        assert [await chats.keep() for _ in range(2)] == [True, False]

    async def test_is_new_again_when_the_app_is_installed_again(self, chats: Chats) -> None:
        await chats.keep(is_installed=True)
        await chats.remove(elsewhere=True)

        assert [await chats.keep(is_installed=True) for _ in range(2)] == [True, False]

    @pytest.mark.parametrize("claim", ["aadObjectId", "tenant"])
    async def test_refuses_a_conversation_that_is_known_to_be_another_persons(
        self, chats: Chats, sync_database: Database, claim: str
    ) -> None:
        await chats.keep()
        theirs = guid("somebody else")
        message = recorded("message")
        changes: dict[str, Any] = (
            {"from": {**message["from"], "aadObjectId": theirs}}
            if claim == "aadObjectId"
            else {
                "channelData": {**message["channelData"], "tenant": {"id": theirs}},
                "conversation": {**message["conversation"], "tenantId": theirs},
            }
        )

        with pytest.raises(NotAllowed):
            await chats.keep(changes)

        noted = await refusals(sync_database)
        assert [(theirs in {tenant, person}, outcome) for tenant, person, outcome in noted] == [(True, "another person's conversation")]

    @pytest.mark.parametrize(("remembered", "is_asked_again"), [(1, True), (2, False)])
    async def test_forgets_the_oldest_of_very_many(
        self, database: Database, clock: ChosenClock, *, remembered: int, is_asked_again: bool
    ) -> None:
        chats, message = Chats(database, clock, remembered), recorded("message")
        await chats.keep()
        await chats.keep(
            {
                "conversation": {**message["conversation"], "id": "a:another"},
                "from": {**message["from"], "aadObjectId": guid("another")},
            }
        )

        await chats.remove(elsewhere=True)

        assert await chats.keep() == is_asked_again


class TestAsker:
    async def test_is_the_author_of_whom_nothing_is_noted(self, chats: Chats, sync_database: Database) -> None:
        found = await chats.known.asker(decode(recorded("message")))

        assert found.person == ADA
        assert await refusals(sync_database) == []

    async def test_reads_as_before_where_an_activity_does_not_say_how(self, chats: Chats) -> None:
        await chats.keep({"locale": "de-DE", "localTimezone": "America/Los_Angeles"})
        upgrade = decode(recorded("message", locale=None, localTimezone=None, entities=[]))

        asker = await chats.known.asker(upgrade)
        await chats.known.keep(asker, upgrade, is_installed=True)

        kept = await chats.stored.get(ADA)
        assert (asker.locale, str(asker.zone)) == (kept.locale, kept.zone) == ("de-DE", "America/Los_Angeles")

    async def test_reads_english_in_utc_where_nothing_is_known(self, chats: Chats) -> None:
        asker = await chats.known.asker(decode(recorded("message", locale=None, localTimezone=None, entities=[])))

        assert (asker.locale, str(asker.zone)) == ("en-US", "UTC")

    async def test_with_two_tenants_is_refused_and_noted(self, chats: Chats, sync_database: Database) -> None:
        theirs = guid("somebody else's tenant")
        forged = decode(recorded("message", channelData={"tenant": {"id": theirs}}))

        with pytest.raises(UnknownPerson):
            await chats.known.asker(forged)

        assert await refusals(sync_database) == [(theirs, ADA.id, "two tenants")]

    async def test_without_an_identity_is_refused_and_is_nobody_to_note(self, chats: Chats, sync_database: Database) -> None:
        with pytest.raises(UnknownPerson):
            await chats.known.asker(decode(recorded("message", **{"from": {"id": "29:1"}, "channelData": {"tenant": {"id": guid("a")}}})))

        assert await refusals(sync_database) == []


class TestRemoved:
    async def test_speaks_no_more_from_now_on(self, chats: Chats, clock: ChosenClock) -> None:
        await chats.keep()

        await chats.remove()
        clock.advance(timedelta(seconds=1))

        with pytest.raises(NotFound):
            await chats.stored.get(ADA)
        assert await chats.keep()

    async def test_is_not_undone_by_what_was_written_before(self, chats: Chats, clock: ChosenClock) -> None:
        await chats.keep()
        clock.advance(timedelta(minutes=1))
        await chats.remove()

        late = await chats.keep()

        assert not late
        with pytest.raises(NotFound):
            await chats.stored.get(ADA)
        assert await chats.keep({"timestamp": "2026-11-23T14:02:00Z"})
