"""A browser's walk to Entra and back, one step at a time."""

from urllib.parse import urljoin

from sandbox.browser import Browser
from tests.town import Town

_MOST_STEPS = 8


async def to_callback(town: Town, browser: Browser, path: str, *, consent: str = "yes") -> list[str]:
    """Open *path* and sign in; return every address on the way, the last one being our callback with a code, not yet opened."""
    addresses = [town.url + path]
    while "code=" not in addresses[-1]:
        if len(addresses) > _MOST_STEPS:
            raise RuntimeError(addresses)
        following = await _next(browser, addresses[-1], consent)
        addresses.append(following.replace(town.settings.public, town.url))  # as a proxy does that shows the bot under another address
    return addresses


async def status(browser: Browser, address: str) -> tuple[int, str]:
    """Open one address without going anywhere else; return status and text."""
    async with browser.session.get(address, allow_redirects=False) as response:
        return response.status, await response.text()


async def _next(browser: Browser, address: str, consent: str) -> str:
    async with browser.session.get(address, allow_redirects=False) as response:
        if "Location" in response.headers:
            return urljoin(address, response.headers["Location"])
        if "/authorize?" not in address:
            raise RuntimeError(f"{address} leads nowhere: {await response.text()}")
    picked = {"person": browser.person.key, "consent": consent}
    async with browser.session.post(address.replace("/oauth2/v2.0/authorize?", "/pick?"), data=picked, allow_redirects=False) as response:
        return response.headers["Location"]
