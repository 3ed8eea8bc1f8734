"""Two texts that anybody may read."""

import pytest
from aiohttp.test_utils import make_mocked_request

from pages.legal import LegalPages
from pages.render import Pages
from tests.pages.room import READERS, RESELLER, Room, Visitors, get


class TestLegal:
    @pytest.mark.parametrize(("path", "words"), [("/privacy", "delete my data"), ("/terms", "provided by Northwind Cloud")])
    async def test_says_what_is_true_by_itself(self, path: str, words: str) -> None:
        answer = await get(Room.of(visitors=Visitors(None)), path)

        assert answer.status == 200
        assert words in answer.text.replace("&#34;", '"')

    @pytest.mark.parametrize(
        ("path", "title", "words"),
        [
            ("/privacy", "Datenschutz", "schreiben Sie im Chat „meine Daten löschen“"),
            ("/terms", "Nutzungsbedingungen", "Northwind Cloud stellt diesen Dienst seinen Kunden zur Verfügung"),
        ],
    )
    async def test_says_it_in_the_readers_language(self, path: str, title: str, words: str) -> None:
        answer = await get(Room.of(visitors=Visitors(None)), path, **{"Accept-Language": "de"})

        assert '<html lang="de" dir="ltr">' in answer.text
        assert f"<h1>{title}</h1>" in answer.text
        assert words in answer.text

    async def test_says_what_the_operator_says(self) -> None:
        pages = LegalPages(Pages(RESELLER), READERS, RESELLER, "We keep <nothing>.\n\nWrite to\nus.", "")

        answer = await pages.privacy(make_mocked_request("GET", "/privacy"))

        assert "<p>We keep &lt;nothing&gt;.</p>\n<p>Write to us.</p>" in (answer.text or "")
