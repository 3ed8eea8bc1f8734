"""A person's web browser, for tests: cookies, redirects, and the pages on which Entra asks who one is."""

from dataclasses import dataclass
from html.parser import HTMLParser
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

from aiohttp import ClientResponse, ClientSession, CookieJar
from yarl import URL

from sandbox.people import DemoPerson
from sandbox.world import World

_MOST_PAGES = 5


@dataclass(frozen=True, slots=True)
class Page:
    """What the browser shows in the end."""

    url: str
    status: int
    text: str
    headers: dict[str, str]


class Browser:
    """One browser with its cookies.

    person  who sits at it, and says so when Entra asks
    agrees  what that person answers when Entra asks for consent

    ::

        async with Browser(world, person("finn")) as browser:
            page = await browser.open(url)
    """

    def __init__(self, world: World, person: DemoPerson, *, agrees: bool = True) -> None:
        self._world = world
        self.person = person
        self.agrees = agrees
        # Browsers keep Secure cookies of a loopback address, although it speaks plain http.
        at_home = [URL(world.bot_url).origin().with_host(host) for host in ("localhost", "127.0.0.1")] if world.bot_url else []
        self.session = ClientSession(cookie_jar=CookieJar(unsafe=True, treat_as_secure_origin=at_home))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.session.close()

    async def open(self, url: str) -> Page:
        """Open an address, go through Entra's pages where it leads there, and return where that ends."""
        page = await _page(await self.session.get(url))
        for _ in range(_MOST_PAGES):
            form = _Form(page)
            if not page.url.startswith(self._world.base_url) or not form.action:
                return page
            answer = form.fields | ({"consent": "yes" if self.agrees else "no"} if "consent" in form.buttons else {})
            answer |= {"person": self.person.key} if "person" in form.buttons else {}
            page = await _page(await self.session.post(urljoin(page.url, form.action), data=answer))
        return page


class _Form(HTMLParser):
    """The form on a page: where it goes, its hidden fields, the names of its buttons."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.buttons: set[str] = set()
        self.feed(page.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of forms, inputs and buttons."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = given.get("action", "")
        elif tag == "input":
            self.fields[given["name"]] = given.get("value", "")
        elif tag == "button" and "name" in given:
            self.buttons.add(given["name"])


async def _page(response: ClientResponse) -> Page:
    async with response:
        return Page(str(response.url), response.status, await response.text(), dict(response.headers))
