"""The payment page as a browser sees it. Looking changes nothing; only its buttons do."""

from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sandbox.dataverse.environment import Home
from sandbox.payment.checkout import Checkout, Choice, Standing, Till
from sandbox.people import PARTNER

STATIC = Path(__file__).parent / "static"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": ("default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_STATUS = {Standing.EXPIRED: 410}


class PaymentPages:
    """Answers browsers."""

    def __init__(self, world: Home) -> None:
        loader = FileSystemLoader(Path(__file__).parent / "templates")
        self._templates = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
        self._till = Till(world)

    async def handle_page(self, request: web.Request) -> web.Response:
        """Answer ``GET /pay/{token}``."""
        checkout = self._till.checkout(request.match_info["token"])
        if not checkout:
            return self._page("unknown.html", status=404)
        return self._page("pay.html", status=_STATUS.get(checkout.standing, 200), checkout=checkout)

    async def handle_choice(self, request: web.Request) -> web.Response:
        """Answer ``POST /pay/{token}``: a button was pressed, perhaps on a page that has grown old meanwhile."""
        checkout = self._till.checkout(request.match_info["token"])
        if not checkout:
            return self._page("unknown.html", status=404)
        choice = _choice((await request.post()).get("choice"))
        if not choice:
            return self._page("pay.html", status=400, checkout=checkout)
        if checkout.standing is not Standing.DUE and choice is not Choice.CANCEL:
            return self._page("pay.html", status=_STATUS.get(checkout.standing, 409), checkout=checkout)
        self._till.take(checkout, choice)
        return self._page("done.html", checkout=checkout, choice=choice.value)

    def _page(self, name: str, *, status: int = 200, checkout: Checkout | None = None, **values: object) -> web.Response:
        text = self._templates.get_template(name).render(values, checkout=checkout, reseller=PARTNER.name.partition(" (")[0])
        return web.Response(text=text, status=status, content_type="text/html", headers=_HEADERS)


def _choice(text: object) -> Choice | None:
    return next((each for each in Choice if each.value == text), None)
