"""Somebody whose Teams speaks German."""

from sandbox.driver import text_of
from tests.town import Town


class TestGerman:
    async def test_asks_and_is_answered_in_german(self, town: Town) -> None:
        chat = await town.signed_in("greta")

        answer = text_of(await chat.ask("Offene Rechnungen"))
        refused = text_of(await chat.ask("Rechnung INV-0"))

        assert "Offene Rechnungen" in answer
        assert "überfällig" in answer or "fällig" in answer
        assert "Jetzt bezahlen" in answer or "Details" in answer
        assert "Im Konto Ihres Unternehmens gibt es diese Rechnung nicht." in refused
