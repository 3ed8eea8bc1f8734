"""Teams' own page for tests: frames our tab, and answers TeamsJS, under Teams' name and over https."""

import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web
from playwright.async_api import Browser, Page

from sandbox.entra.cloud import Entra
from sandbox.entra.errors import EntraError
from sandbox.people import person
from sandbox.world import BOT_APP_ID
from tests.browser import chromium
from tests.certificates import Pair
from tests.ports import free_port

TEAMS: Final = "teams.microsoft.com"
STRANGER: Final = "stranger.example"
"""A host that frames us as well, and is not Teams."""

_PAGE: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Teams</title><style>body { margin: 0 } iframe { border: 0; width: 100vw; height: 100vh }</style></head>
<body>
<iframe title="My Invoices" name="tab" sandbox="allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-pointer-lock
allow-scripts allow-same-origin allow-downloads"></iframe>
<script>
const told = new URLSearchParams(location.search);
const runtime = JSON.stringify({ apiVersion: 4, isLegacyTeams: false, hostVersionsInfo: {}, supports: {} });
const answers = {
  "initialize": () => ["content", "web", runtime, "2.0.1"],
  "getContext": () => [{ theme: told.get("theme"), locale: "en-us", hostClientType: "web", frameContext: "content" }],
  "authentication.getAuthToken": () => fetch("/token").then(async (answer) => [answer.ok, await answer.text()]),
};
addEventListener("message", async ({ data, source, origin }) => {
  if (!(data.func in answers)) return;
  const args = await answers[data.func]();
  source.postMessage({ id: data.id, uuidAsString: data.uuidAsString, args }, origin);
});
frames.tab.location = told.get("tab");
</script>
</body>
</html>
"""


class Teams:
    """A browser in which Teams shows our tab.

    token  what Teams' single sign-on gives; None for what Entra has for Finn at that moment
    asked  how often it was asked for
    """

    def __init__(self, entra: Entra, browser: Browser) -> None:
        self._entra = entra
        self._browser = browser
        self.token: str | None = None
        self.asked = 0

    @asynccontextmanager
    async def showing(self, tab: str, host: str = TEAMS, theme: str = "default", **device: Any) -> AsyncGenerator[Page]:
        """Open the tab with this address in a fresh browser."""
        context = await self._browser.new_context(ignore_https_errors=True, **device)
        page = await context.new_page()
        await page.goto(f"https://{host}/?{urlencode({'tab': tab, 'theme': theme})}")
        yield page
        await context.close()

    async def handle_token(self, _: web.Request) -> web.Response:
        """Answer as Teams' single sign-on does."""
        self.asked += 1
        try:
            token = self.token or self._entra.sso_token(person("finn"), BOT_APP_ID)
        except EntraError as error:
            return web.Response(status=403, text=str(error))
        return web.Response(text=token)


@asynccontextmanager
async def teams(entra: Entra, folder: Path) -> AsyncGenerator[Teams]:
    """Serve Teams' page under its own name, with a certificate that nobody but this browser believes."""
    port = free_port()
    async with chromium(*(f"MAP {host} 127.0.0.1:{port}" for host in (TEAMS, STRANGER))) as browser:
        played = Teams(entra, browser)
        application = web.Application()
        application.router.add_get("/", _page)
        application.router.add_get("/token", played.handle_token)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(Pair().write(folder / "teams.pem"))
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, ssl_context=tls).start()
        try:
            yield played
        finally:
            await runner.cleanup()


async def _page(_: web.Request) -> web.Response:
    return web.Response(text=_PAGE, content_type="text/html")
