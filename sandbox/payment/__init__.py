"""A stand-in for the hosted payment page behind ``work365_invoice_paylink``: no card, no money, but the same effects in Work 365."""

from aiohttp import web

from sandbox.dataverse.environment import Home
from sandbox.payment.pages import STATIC, PaymentPages

__all__ = ["routes"]


def routes(world: Home) -> list[web.RouteDef]:
    """Return the page, what its buttons do, and its style sheet."""
    pages = PaymentPages(world)
    return [
        web.get("/pay/assets/payment.css", _handle_style),
        web.get("/pay/{token}", pages.handle_page),
        web.post("/pay/{token}", pages.handle_choice),
    ]


async def _handle_style(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "payment.css")
