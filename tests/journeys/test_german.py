"""Somebody whose Teams speaks German, at a browser that asks for English."""

import re

import pytest

from bot.flood import MESSAGES
from sandbox.browser import Browser
from sandbox.driver import Chat, text_of
from sandbox.people import person
from tests.clock import ChosenClock
from tests.journeys.speaking import press
from tests.make import guid
from tests.town import Town
from tests.town import town as built_town

ENGLISH = re.compile(r"\b(the|you|your|please|invoice|signed|and|is|are)\b", re.IGNORECASE)


def shown(html: str) -> str:
    """Return what a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class TestGerman:
    async def test_asks_and_is_answered_in_german(self, town: Town) -> None:
        chat = await town.signed_in("greta")

        answer = text_of(await chat.ask("Offene Rechnungen"))
        refused = text_of(await chat.ask("Rechnung INV-0"))

        assert "Offene Rechnungen" in answer
        assert "überfällig" in answer or "fällig" in answer
        assert "Bezahlen" in answer or "Details" in answer
        assert "Im Konto Ihres Unternehmens gibt es diese Rechnung nicht." in refused
        assert text_of(await chat.ask("Vielen Dank!")) == "Gern geschehen."
        assert "Schreiben Sie die Nummer dazu, zum Beispiel: bezahlen 10421" in text_of(await chat.ask("bezahlen"))
        assert "als CSV-Datei herunterladen" in text_of(await chat.ask("exportieren"))

    async def test_is_told_in_german_where_not_to_ask(self, town: Town) -> None:
        there = Chat(town.world, person("greta"), "groupChat")
        await there.open()

        said = (await there.ask("@My Invoices Offene Rechnungen")).text
        pressed = await press(town, "greta", "balance", {}, "groupChat")

        assert said.startswith("Rechnungen zeige ich nur in Ihrem persönlichen Chat mit mir.")
        assert pressed.body["value"]["message"] == said

    async def test_is_told_in_german_when_it_was_too_much(self, database_url: str) -> None:
        async with built_town(database_url, ChosenClock()) as town:  # no time passes, in which a flood could ebb
            chat = await town.opened("greta")

            for _ in range(int(MESSAGES.burst) + 1):
                await chat.say("Hilfe")

            assert await chat.wait_for(lambda entry: entry.text.startswith("Das waren sehr viele Nachrichten auf einmal."))

    async def test_signs_in_and_out_in_german(self, town: Town) -> None:
        chat = await town.opened("greta")

        page = await town.sign_in(chat, await chat.ask("anmelden"))

        assert "<h1>Sie sind angemeldet</h1>" in page.text
        assert not ENGLISH.search(shown(page.text))

    @pytest.mark.parametrize("path", ["/privacy", "/terms", f"/invoices/{guid('nothing')}", "/invoices?show=nonsense", "/invoices"])
    async def test_reads_pages_in_german_whatever_the_browser_asks_for(self, town: Town, path: str) -> None:
        await town.opened("greta")
        async with Browser(town.world, person("greta")) as browser:
            browser.session.headers["Accept-Language"] = "en-US"
            await browser.open(f"{town.url}/auth/start?next=/invoices")

            page = await browser.open(town.url + path)

        assert '<html lang="de" dir="ltr">' in page.text
        assert not ENGLISH.search(shown(page.text))
