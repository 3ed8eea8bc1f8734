"""An application that people sign in to."""

import base64
import hashlib
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from sandbox.browser import Browser, Page
from sandbox.people import person
from sandbox.tree import Json
from sandbox.world import BOT_APP_ID, BOT_SECRET, World

FINN = person("finn")
FAY = person("fay")
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@dataclass
class Application:
    """The application that people sign in to."""

    world: World
    callback: str

    def url(self, tenant: str = "organizations", **changes: str) -> str:
        """Return where it sends a browser."""
        query = {
            "client_id": BOT_APP_ID,
            "response_type": "code",
            "redirect_uri": self.callback,
            "scope": "openid profile offline_access",
            "state": "state-1",
            "nonce": "nonce-1",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        } | changes
        return f"{self.world.base_url}/{tenant}/oauth2/v2.0/authorize?{urlencode({name: value for name, value in query.items() if value})}"

    async def code(self, who: str = "finn", **changes: str) -> str:
        """Sign somebody in with a new browser and return the code."""
        async with Browser(self.world, person(who)) as browser:
            return told(await browser.open(self.url(**changes)))["code"]

    async def redeem(self, tenant: str = "organizations", **form: str) -> tuple[int, Json]:
        """Ask for tokens."""
        standing = {"client_id": BOT_APP_ID, "client_secret": BOT_SECRET, "redirect_uri": self.callback, "code_verifier": VERIFIER}
        standing |= {"grant_type": "authorization_code"}
        async with Browser(self.world, FINN) as browser:
            url = f"{self.world.base_url}/{tenant}/oauth2/v2.0/token"
            async with browser.session.post(url, data={name: value for name, value in (standing | form).items() if value}) as response:
                return response.status, await response.json()


def told(page: Page) -> dict[str, str]:
    """Return what the callback was given."""
    return dict(parse_qsl(page.text))
