"""The door of the Web API: a valid token of an application, and the limits of service protection."""

import asyncio
from collections.abc import Awaitable, Callable
from email.utils import format_datetime
from typing import Any, Protocol

import jwt
from aiohttp import web

from sandbox.dataverse.environment import Home
from sandbox.dataverse.limits import Limits
from sandbox.dataverse.problems import ApiProblem

Handler = Callable[[web.Request], Awaitable[web.Response]]


class Issuer(Protocol):
    """Who knows whether a token is genuine."""

    def claims(self, token: str, audience: str) -> dict[str, Any]:
        """Return the claims of an access token. Raises jwt.PyJWTError."""
        ...


class Guarded(Home, Protocol):
    """The sandbox's World, as far as the door needs it."""

    @property
    def entra(self) -> Issuer:
        """Who signs tokens."""
        ...

    @property
    def dataverse_url(self) -> str:
        """The audience that a token must name."""
        ...


class Door:
    """Lets a request through to *inside*, or answers in Dataverse's words why not."""

    def __init__(self, world: Guarded, limits: Limits, inside: Handler) -> None:
        self._world = world
        self._limits = limits
        self._inside = inside

    async def handle(self, request: web.Request) -> web.Response:
        """Answer any request to the Web API."""
        try:
            self._check_token(request)
            with self._limits.one_request():
                await asyncio.sleep(self._limits.latency_s)
                answer = await self._inside(request)
        except ApiProblem as problem:
            answer = problem.response()
        answer.headers["Date"] = format_datetime(self._world.site.clock(), usegmt=True)
        answer.headers["OData-Version"] = "4.0"
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    def _check_token(self, request: web.Request) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            claims = self._world.entra.claims(token if scheme.lower() == "bearer" else "", self._world.dataverse_url)
        except jwt.PyJWTError as e:
            raise self._unauthorized() from e
        if claims.get("idtyp") != "app" or not claims.get("appid"):
            raise ApiProblem(403, "0x80072560", "The user is not a member of the organization.")

    def _unauthorized(self) -> ApiProblem:
        authority = f"{self._world.site.base_url}/common/oauth2/authorize"
        challenge = f'Bearer authorization_uri="{authority}", resource_id="{self._world.dataverse_url}"'
        message = "Authentication failed: the token is missing, expired or not valid."
        return ApiProblem(401, "0x80048306", message, {"WWW-Authenticate": challenge})
