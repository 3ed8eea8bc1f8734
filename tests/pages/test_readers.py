"""How somebody at a browser reads."""

from dataclasses import dataclass
from datetime import date

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from billing.access import Person
from billing.errors import NotSignedIn, SourceDown
from billing.people import BrowserSession, Conversation
from pages.readers import Readers, language
from pages.session import COOKIE, PERSON
from tests.make import ADA, NOW, TODAY
from tests.pages.room import READERS


@dataclass(frozen=True)
class Known:
    """Chats and browsers of one person, or a database that does not answer."""

    locale: str = "de-DE"
    zone: str = "Asia/Tokyo"
    is_down: bool = False

    async def get(self, person: Person) -> Conversation:
        """Return the chat. Raises SourceDown."""
        if self.is_down:
            raise SourceDown(source="test")
        return Conversation(person, "a:1", {}, self.locale, self.zone)

    async def known(self, cookie: str) -> BrowserSession:
        """Return the session. Raises NotSignedIn."""
        if cookie != "hers":
            raise NotSignedIn(browser="another")
        return BrowserSession(b"", ADA, "", NOW)

    def readers(self) -> Readers:
        """Return readers, ten hours later than usual."""
        return Readers(self, self, lambda: NOW.replace(hour=23))


def request(**headers: str) -> web.Request:
    """Return what a browser asks."""
    return make_mocked_request("GET", "/", headers={"Accept-Language": "fr-FR", **headers})


class TestReaders:
    async def test_read_as_their_teams_does(self) -> None:
        reader = await Known().readers().of(request(), ADA)

        assert (reader.language, reader.today) == ("de", date(2026, 11, 24))

    async def test_read_as_their_browser_does_where_they_have_no_chat(self) -> None:
        assert (await READERS.of(request(), ADA)).day(TODAY) == "23 nov. 2026"

    async def test_do_not_need_a_zone_that_is_known(self) -> None:
        assert (await Known(zone="Mars/Olympus").readers().of(request(), ADA)).today == TODAY

    async def test_are_found_by_their_cookie(self) -> None:
        assert (await Known().readers().of_anybody(request(Cookie=f"{COOKIE}=hers"))).language == "de"
        assert (await Known().readers().of_anybody(request(Cookie=f"{COOKIE}=another"))).day(TODAY) == "23 nov. 2026"

    async def test_are_found_by_what_is_known_of_the_request(self) -> None:
        asked = request()
        asked[PERSON] = ADA

        assert (await Known().readers().of_anybody(asked)).language == "de"

    async def test_read_as_their_browser_does_while_the_database_is_down(self) -> None:
        reader = await Known(is_down=True).readers().of_anybody(request(Cookie=f"{COOKIE}=hers"))

        assert reader.day(TODAY) == "23 nov. 2026"


class TestLanguage:
    @pytest.mark.parametrize(
        ("header", "tag"),
        [
            ("", "en-US"),
            ("*", "en-US"),
            ("de-DE,de;q=0.9,en;q=0.8", "de-DE"),
            ("en;q=0.5, fr-CH", "fr-CH"),
            ("ja;q=nonsense, es;q=0.1", "es"),
            (",,;", "en-US"),
        ],
    )
    def test_is_the_one_that_the_browser_prefers(self, header: str, tag: str) -> None:
        assert language(header) == tag
