"""Who wrote an activity: Teams' own members decide, whatever else stands in it."""

from typing import Any

import pytest

from billing.errors import UnknownPerson
from bot.asker import Asker
from bot.codec import decode
from tests.bot.activities import ADA, recorded
from tests.clock import ChosenClock
from tests.make import guid

CHAT: dict[str, Any] = recorded("message")["conversation"]


def asker(**changes: Any) -> Asker:
    """Return the author of a message, changed."""
    return Asker.of(decode(recorded("message", **changes)))


class TestPerson:
    def test_comes_from_the_sender_and_the_tenant(self) -> None:
        found = asker()

        assert found.person == ADA
        assert found.conversation == CHAT["id"]
        assert found.is_personal

    @pytest.mark.parametrize("kind", ["channel", "groupChat", "Personal", "", None])
    def test_is_in_private_only_in_a_personal_chat(self, kind: str | None) -> None:
        assert not asker(conversation={**CHAT, "conversationType": kind}).is_personal

    @pytest.mark.parametrize(
        "changes",
        [
            {"from": {"id": "29:1", "name": "Ada"}},
            {"from": {"id": "29:1", "aadObjectId": "ada"}},
            {"from": {"id": "29:1", "aadObjectId": ""}},
            {"from": None},
            {"channelData": {}},
            {"channelData": None},
            {"channelData": "tenant"},
            {"channelData": {"tenant": ADA.tenant}},
            {"channelData": {"tenant": {"id": [ADA.tenant]}}},
            {"channelData": {"tenant": {"id": "../organizations"}}},
        ],
    )
    def test_is_unknown_where_teams_did_not_say(self, changes: dict[str, Any]) -> None:
        with pytest.raises(UnknownPerson):
            asker(**changes)

    def test_is_unknown_where_the_conversation_is_another_tenants(self) -> None:
        with pytest.raises(UnknownPerson):
            asker(conversation={**CHAT, "tenantId": guid("elsewhere")})

    def test_needs_no_second_word_on_the_tenant(self) -> None:
        found = asker(conversation={"id": "a:1", "conversationType": "personal"})

        assert found.person == ADA


class TestReader:
    @pytest.mark.parametrize("zone", ["Mars/Olympus", "", "America", "../../etc/passwd", "a\0b", "\ud800", "x" * 10_000, None])
    def test_reads_in_utc_where_the_zone_is_none(self, zone: str | None) -> None:
        assert str(asker(localTimezone=zone, entities=[]).zone) == "UTC"

    @pytest.mark.parametrize("zone", ["", None])
    def test_reads_in_the_clients_zone_where_the_activity_names_none(self, zone: str | None) -> None:
        told = {"type": "clientInfo", "platform": "Android", "timezone": "Asia/Tokyo"}

        assert str(asker(localTimezone=zone, entities=[told]).zone) == "Asia/Tokyo"

    @pytest.mark.parametrize("locale", ["", "e", "en_US", "en-US\0", "\ud800", "../de", "en-" * 99, "=1+1", None])
    def test_reads_english_where_the_locale_is_none(self, locale: str | None) -> None:
        assert asker(locale=locale).locale == "en-US"

    @pytest.mark.parametrize("locale", ["de-DE", "en-001", "zh-Hant-TW", "ja", "ca-ES-valencia"])
    def test_keeps_a_locale_even_if_babel_does_not_know_it(self, locale: str) -> None:
        assert asker(locale=locale).locale == locale

    def test_lives_in_the_persons_today(self) -> None:
        tokyo = asker(localTimezone="Asia/Tokyo").reader(ChosenClock())
        seattle = asker(localTimezone="America/Los_Angeles").reader(ChosenClock())

        assert (tokyo.today - seattle.today).days == 0
        assert str(tokyo.zone) == "Asia/Tokyo"


class TestKept:
    def test_holds_all_that_is_needed_to_speak_first(self) -> None:
        kept = asker(locale="de-DE", localTimezone="Europe/Berlin").kept({"serviceUrl": "https://smba.example/"})

        assert (kept.person, kept.id, kept.locale, kept.zone) == (ADA, CHAT["id"], "de-DE", "Europe/Berlin")
        assert kept.reference == {"serviceUrl": "https://smba.example/"}
