"""The contract of Conversations. Give the fixture ``conversations``, at whose clock it is NOW."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.access import Person, TenantId
from billing.errors import NotAllowed, NotFound
from billing.people import Conversation
from billing.ports import Conversations
from tests.make import ADA, NOW, guid

_CHAT = Conversation(ADA, "a:1", {"serviceUrl": "https://smba.example/", "user": {"name": "Ada \0 \ud800 'x'"}}, "en-US", "Europe/Berlin")


class ConversationsContract:
    async def test_returns_what_was_saved(self, conversations: Conversations) -> None:
        await conversations.save(_CHAT)

        assert await conversations.get(ADA) == _CHAT

    async def test_keeps_the_newest(self, conversations: Conversations) -> None:
        newer = replace(_CHAT, id="a:2", reference={}, locale="de-DE", zone="UTC")

        is_new = [await conversations.save(_CHAT), await conversations.save(newer)]

        assert await conversations.get(ADA) == newer
        assert is_new == [True, False]

    @pytest.mark.parametrize(("told", "zone"), [("UTC", "Asia/Tokyo"), ("Europe/Berlin", "Europe/Berlin")])
    async def test_takes_a_browsers_zone_where_teams_has_told_none(self, conversations: Conversations, told: str, zone: str) -> None:
        await conversations.lives_in(ADA, "Asia/Tokyo")
        await conversations.save(replace(_CHAT, zone=told))

        await conversations.lives_in(ADA, "Asia/Tokyo")

        assert (await conversations.get(ADA)).zone == zone

    async def test_keeps_tenants_apart(self, conversations: Conversations) -> None:
        await conversations.save(_CHAT)

        with pytest.raises(NotFound):
            await conversations.get(Person(TenantId(guid("elsewhere")), ADA.id))

    async def test_is_new_again_after_the_app_was_removed(self, conversations: Conversations) -> None:
        await conversations.save(_CHAT)

        await conversations.removed(ADA)
        await conversations.removed(ADA)

        with pytest.raises(NotFound):
            await conversations.get(ADA)
        assert await conversations.save(_CHAT)
        assert await conversations.get(ADA) == _CHAT

    async def test_does_not_come_back_by_what_was_written_before_the_app_was_removed(self, conversations: Conversations) -> None:
        before, after = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)
        await conversations.save(_CHAT, before)
        await conversations.removed(ADA)

        with pytest.raises(NotFound):
            await conversations.save(_CHAT, before)
        with pytest.raises(NotFound):
            await conversations.get(ADA)
        assert await conversations.save(_CHAT, after)
        assert await conversations.get(ADA) == _CHAT

    async def test_moves_while_it_is_there_and_does_not_come_back_by_that(self, conversations: Conversations) -> None:
        moved = replace(_CHAT, reference={"serviceUrl": "https://elsewhere.example/"}, locale="de-DE")

        await conversations.moved(moved)
        with pytest.raises(NotFound):
            await conversations.get(ADA)
        await conversations.save(_CHAT)
        await conversations.moved(moved)
        kept = await conversations.get(ADA)
        await conversations.removed(ADA)
        await conversations.moved(moved)

        assert kept == replace(_CHAT, reference=moved.reference)
        with pytest.raises(NotFound):
            await conversations.get(ADA)

    async def test_stays_with_the_person_it_began_with(self, conversations: Conversations) -> None:
        await conversations.save(_CHAT)

        with pytest.raises(NotAllowed):
            await conversations.save(replace(_CHAT, person=Person(TenantId(guid("elsewhere")), ADA.id)))
        assert await conversations.get(ADA) == _CHAT
