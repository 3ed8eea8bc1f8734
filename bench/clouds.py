"""The clouds of a benchmark, and the person who chats: token endpoint, keys, connector, load; in one process, away from the server."""

import asyncio
import itertools
import json
import ssl
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from time import perf_counter
from typing import Any, TypeVar

import aiohttp
from aiohttp import web

from bench.certificate import make_certificate
from bench.people import BenchPerson
from sandbox.connector.routes import metadata_routes
from sandbox.entra.routes import routes as entra_routes
from sandbox.world import BOT_APP_ID, World

DEADLINE_S = 30.0
_FOR_EVER = 4_000_000_000
_TOKEN_LIFE_S = 86_400


class Clouds:
    """Takes what a bot says, at once, and tells the person who waits for it.

    secure       a token endpoint with TLS, for SDKs that insist on it
    certificate  PEM file with that one's key and certificate
    last         the newest answer, as JSON
    """

    def __init__(self, http: aiohttp.ClientSession, certificate: Path) -> None:
        self.world = World()
        self.certificate = certificate
        self.secure = self.last = ""
        self._http = http
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._ids = itertools.count()
        self._started = token_hex(4)

    @property
    def address(self) -> str:
        """The plain address: keys, tokens, connector."""
        return self.world.base_url

    @property
    def service_url(self) -> str:
        """Where a bot is to answer."""
        return f"{self.address}/connector/"

    async def message(self, bot_url: str, person: BenchPerson, text: str) -> float:
        """Send a message and wait for the bot's next one; return the seconds that took. Raises TimeoutError, ValueError."""
        answered = self._waiting[person.conversation] = asyncio.get_running_loop().create_future()
        started = perf_counter()
        try:
            status, _ = await self.post(bot_url, self.activity(person, type="message", text=text, textFormat="plain"))
            if status >= 300:  # noqa: PLR2004 - HTTP
                raise ValueError(f"the bot answered {status}")
            async with asyncio.timeout(DEADLINE_S):
                await answered
        finally:
            del self._waiting[person.conversation]
        return perf_counter() - started

    async def press(self, bot_url: str, person: BenchPerson, action: dict[str, Any]) -> tuple[float, str]:
        """Press a button; return the seconds until its answer, and the answer. Raises ValueError."""
        value = {"action": action, "trigger": "manual"}
        started = perf_counter()
        status, answer = await self.post(bot_url, self.activity(person, type="invoke", name="adaptiveCard/action", value=value))
        if status != 200 or '"statusCode":200' not in answer:  # noqa: PLR2004 - HTTP
            raise ValueError(f"the bot answered {status}: {answer[:200]}")
        return perf_counter() - started, answer

    async def post(self, bot_url: str, activity: dict[str, Any]) -> tuple[int, str]:
        """Deliver an activity with the channel's token; return status and body."""
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        headers["x-ms-tenant-id"] = activity["channelData"]["tenant"]["id"]
        async with self._http.post(bot_url, data=json.dumps(activity), headers=headers) as answer:
            return answer.status, await answer.text()

    @cached_property
    def _token(self) -> str:
        return self.world.teams.delivery.token(serviceurl=self.service_url, exp=_FOR_EVER)

    def activity(self, person: BenchPerson, **more: object) -> dict[str, Any]:
        """Return an activity of *person* with an id of its own."""
        return {
            "id": f"1:{next(self._ids)}.{self._started}",
            "timestamp": "2026-11-23T14:00:00.1234567Z",
            "localTimestamp": "2026-11-23T09:00:00.1234567-05:00",
            "localTimezone": "America/New_York",
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": {"id": person.channel_id, "name": person.name, "aadObjectId": person.oid},
            "conversation": {"conversationType": "personal", "tenantId": person.tenant, "id": person.conversation},
            "recipient": {"id": f"28:{BOT_APP_ID}", "name": "My Invoices"},
            "entities": [{"locale": "en-US", "country": "US", "platform": "Web", "timezone": "America/New_York", "type": "clientInfo"}],
            "channelData": {"tenant": {"id": person.tenant}},
            "locale": "en-US",
            **more,
        }

    async def handle(self, request: web.Request) -> web.Response:
        """Take a message."""
        text = await request.text()
        waiting = self._waiting.get(request.match_info["conversation"])
        if waiting and not waiting.done() and '"typing"' not in text[:40]:
            self.last = text
            waiting.set_result(None)
        return web.Response(status=201, text='{"id":"1:sent"}', content_type="application/json")

    def application(self) -> web.Application:
        """Return all addresses."""
        app = web.Application(client_max_size=2**20)
        conversation = "/connector/v3/conversations/{conversation}/activities"
        app.add_routes([web.post(conversation, self.handle), web.post(conversation + "/{activity}", self.handle)])
        app.add_routes([web.get("/adfs/.well-known/openid-configuration", self._metadata), web.post("/adfs/oauth2/token", _token)])
        app.add_routes([web.get("/keys", self._keys), web.get("/dataverse/{path:.*}", _away)])
        app.add_routes(metadata_routes(self.world.teams))
        app.add_routes(entra_routes(self.world.entra))
        return app

    async def _keys(self, _: web.Request) -> web.Response:
        return web.json_response(self.world.teams.keys.document(endorsements=["msteams"]))

    async def _metadata(self, _: web.Request) -> web.Response:
        ends = f"{self.secure}/adfs/oauth2"
        return web.json_response(
            {"issuer": f"{self.secure}/adfs", "authorization_endpoint": f"{ends}/authorize", "token_endpoint": f"{ends}/token"}
        )


C = TypeVar("C", bound=Clouds)


async def _away(_: web.Request) -> web.Response:
    return web.Response(status=503)


async def _token(_: web.Request) -> web.Response:
    return web.json_response({"token_type": "Bearer", "access_token": "x" * 1200, "expires_in": _TOKEN_LIFE_S})


@asynccontextmanager
async def clouds(folder: Path, kind: type[C] = Clouds) -> AsyncGenerator[C]:  # type: ignore[assignment]
    """Serve the clouds on two free ports; *folder* takes the certificate of the second one."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        made = kind(http, make_certificate(folder))
        runner = web.AppRunner(made.application(), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(made.certificate)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        plain, secure = (f"127.0.0.1:{address[1]}" for address in runner.addresses)
        made.world.base_url, made.secure = f"http://{plain}", f"https://{secure}"
        yield made
