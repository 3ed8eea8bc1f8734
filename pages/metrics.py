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
    """Shows the measurements to this machine, and to others with the token where one is set.

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
        return _is_from_here(request) or self._has_token(request)

    def _has_token(self, request: web.Request) -> bool:
        given = request.headers.get("Authorization", "").encode(errors="surrogateescape")  # a header may hold any bytes
        return self._token is not None and compare_digest(given, f"Bearer {self._token}".encode())


def _is_from_here(request: web.Request) -> bool:
    """Whether this machine asks, and not a proxy on it for somebody else."""
    is_passed_on = any(name in request.headers for name in _FORWARDED)
    return not is_passed_on and request.remote is not None and ip_address(request.remote).is_loopback
