"""``/metrics``: what monitoring reads."""

from collections.abc import Callable
from hmac import compare_digest
from http import HTTPStatus
from ipaddress import ip_address
from typing import Final

from aiohttp import web

_CHALLENGE: Final = {"WWW-Authenticate": "Bearer"}
_FORMAT: Final = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Cache-Control": "no-store"}
_FORWARDED: Final = ("Forwarded", "X-Forwarded-For")


class MetricsPage:
    """Shows the measurements to whoever has the token; without a token, to this machine alone.

    exposition  all measurements in Prometheus' text format
    """

    def __init__(self, token: str | None, exposition: Callable[[], bytes]) -> None:
        self._token = token
        self._exposition = exposition

    async def metrics(self, request: web.Request) -> web.Response:
        """Show them; 401 to others."""
        if not self._may_see(request):
            return web.Response(status=HTTPStatus.UNAUTHORIZED, headers=_CHALLENGE)
        return web.Response(body=self._exposition(), headers=_FORMAT)

    def _may_see(self, request: web.Request) -> bool:
        if self._token is not None:
            given = request.headers.get("Authorization", "")
            return compare_digest(given.encode(), f"Bearer {self._token}".encode())
        # What a proxy on this machine passes on comes from loopback as well.
        is_passed_on = any(name in request.headers for name in _FORWARDED)
        return not is_passed_on and request.remote is not None and ip_address(request.remote).is_loopback
