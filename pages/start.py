"""``/``: what this is, and where to go from here."""

from aiohttp import web

from pages.readers import Readers
from pages.render import Pages


class StartPage:
    """Receives whoever knows the address and nothing else."""

    def __init__(self, pages: Pages, readers: Readers) -> None:
        self._pages = pages
        self._readers = readers

    async def start(self, request: web.Request) -> web.Response:
        """Show it to anybody."""
        return self._pages.page("start.html", await self._readers.of_anybody(request))
