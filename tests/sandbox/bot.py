"""A bot that keeps what it gets and answers as it is told."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import jwt
from aiohttp import ClientResponse, ClientSession, web

from sandbox.connector.delivery import ISSUER
from sandbox.people import PARTNER
from sandbox.tree import Json
from sandbox.world import BOT_APP_ID, BOT_SECRET, World

Reply = Callable[[Json], Awaitable[Any]]


class Bot:
    """Takes activities at ``/api/messages``.

    taken   every activity, in order
    tokens  the bearer token of each
    reply   what to do with an activity; what it returns is the JSON answer
    status  the HTTP status of the answer
    """

    def __init__(self, world: World, session: ClientSession) -> None:
        self.world = world
        self.session = session
        self.taken: list[Json] = []
        self.tokens: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.reply: Reply = _nothing
        self.status = 200

    async def handle(self, request: web.Request) -> web.Response:
        """Take one activity."""
        activity = await request.json()
        self.taken.append(activity)
        self.headers.append(dict(request.headers))
        self.tokens.append(request.headers["Authorization"].removeprefix("Bearer "))
        return web.json_response(await self.reply(activity), status=self.status)

    async def token(self) -> str:
        """Ask Entra for the bot's own token."""
        form = {"grant_type": "client_credentials", "client_id": BOT_APP_ID, "client_secret": BOT_SECRET, "scope": f"{ISSUER}/.default"}
        async with self.session.post(f"{self.world.base_url}/{PARTNER.id}/oauth2/v2.0/token", data=form) as response:
            return str((await response.json())["access_token"])

    async def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> tuple[int, Any]:
        """Call the connector and return status and JSON body."""
        headers = {"Authorization": f"Bearer {token or await self.token()}"}
        url = f"{self.world.base_url}/connector/v3/conversations{path}"
        async with self.session.request(method, url, json=body, headers=headers) as response:
            return response.status, await _json(response)

    async def send(self, conversation: str, **activity: Any) -> str:
        """Post an activity and return its id."""
        status, answer = await self.call("POST", f"/{conversation}/activities", {"type": "message"} | activity)
        assert status == 201, answer
        return str(answer["id"])

    def of_type(self, kind: str) -> list[Json]:
        """Return the activities of a type."""
        return [each for each in self.taken if each["type"] == kind]

    async def verified(self, token: str) -> Json:
        """Return the claims of the channel's token, checked against the channel's published keys as a bot must."""
        metadata = f"{self.world.base_url}/botframework/v1/.well-known/openidconfiguration"
        async with self.session.get(metadata) as response:
            document = await response.json()
        async with self.session.get(document["jwks_uri"]) as response:
            keys = jwt.PyJWKSet.from_dict(await response.json())
        key = keys[jwt.get_unverified_header(token)["kid"]]
        return jwt.decode(token, key, ["RS256"], audience=BOT_APP_ID, issuer=document["issuer"])


async def _nothing(_activity: Json) -> Any:
    return None


async def _json(response: ClientResponse) -> Any:
    return await response.json() if response.content_type == "application/json" else None


@asynccontextmanager
async def running(world: World) -> AsyncGenerator[Bot]:
    """Run a bot on a free port and tell the world where it is."""
    async with ClientSession() as session:
        bot = Bot(world, session)
        app = web.Application()
        app.router.add_post("/api/messages", bot.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        world.bot_url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
        try:
            yield bot
        finally:
            await runner.cleanup()
