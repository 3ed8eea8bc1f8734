"""A front door with real keys, real HTTP and a real inbox, behind which a turn does what a test says."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

from aiohttp import ClientSession, web
from botbuilder.core import TurnContext
from botbuilder.schema import Activity, InvokeResponse

from auth.keys import SigningKeys
from auth.tokens import ChannelTokens
from backends.postgres.database import Database, DatabaseRole
from backends.postgres.inbox import PostgresInbox
from billing.ports import Clock
from bot.adapter import Channel
from bot.connector import Connector, ServiceHosts
from bot.flood import PRESSES, Flood
from bot.front_door import FrontDoor
from bot.turns import Turns
from sandbox.server import serving
from sandbox.world import BOT_APP_ID, World
from tests.bot.activities import ADA, recorded
from tests.bot.receiver import token
from tests.patience import PATIENCE_S


@dataclass(frozen=True, slots=True)
class Answer:
    """What the door answered."""

    status: int
    text: str
    headers: Mapping[str, str]


class Door:
    """The door, and what stands around it.

    url   of the messaging endpoint
    seen  every activity that reached a turn
    may   lets pressed buttons be answered; they are at once unless it is cleared
    may   lets invokes called ``slow`` go on
    """

    def __init__(self, world: World, http: ClientSession, rows: Database, clock: Clock) -> None:
        self.world = world
        self.url = ""
        self.seen: list[Activity] = []
        self.may = asyncio.Event()
        self.may.set()
        self.may = asyncio.Event()
        self._http = http
        self._senders = count()
        hosts = ServiceHosts(sandbox=world.base_url)
        self.turns = Turns(Channel(Connector(http, token, hosts)), PostgresInbox(rows, clock), self._on_turn, clock)
        keys = SigningKeys(http, f"{world.base_url}/botframework/v1/.well-known/openidconfiguration", clock)
        tokens = ChannelTokens(keys, BOT_APP_ID, clock)
        self.door = FrontDoor(tokens, hosts, Flood(clock), Flood(clock, PRESSES), self.turns)

    def wire(self, name: str = "message", /, **changes: Any) -> dict[str, Any]:
        """Return a recorded activity whose answers go to the sandbox, by a sender who has not written before."""
        sender = {"id": f"29:{next(self._senders)}", "aadObjectId": ADA.id}
        return recorded(name, **{"serviceUrl": self.world.teams.delivery.service_url, "from": sender, **changes})

    async def post(self, activity: object, token: str | None = None, **claims: object) -> Answer:
        """Deliver an activity with the channel's token, or with another one, or with changed claims."""
        bearer = f"Bearer {self.world.teams.delivery.token(**claims) if token is None else token}"
        return await self.knock(json.dumps(activity).encode(), {"Authorization": bearer, "Content-Type": "application/json"})

    async def knock(self, body: Any, headers: dict[str, str] | None = None) -> Answer:
        """Send anything; with the channel's token unless there are other headers."""
        standing = {"Authorization": f"Bearer {self.world.teams.delivery.token()}", "Content-Type": "application/json"}
        async with self._http.post(self.url, data=body, headers=standing if headers is None else headers) as response:
            return Answer(response.status, await response.text(), response.headers)

    async def turns_of(self, activity_id: str) -> int:
        """Wait for the running turns, and return how many the activity has had."""
        await self.turns.drain(PATIENCE_S)
        return sum(each.id == activity_id for each in self.seen)

    async def _on_turn(self, context: TurnContext) -> None:
        activity = context.activity
        self.seen.append(activity)
        match activity.name if activity.type == "invoke" else None:
            case "fails":
                raise RuntimeError("secret detail")
            case "takes too long":
                raise TimeoutError
            case "adaptiveCard/action":
                await self.may.wait()
                await _answer(context, InvokeResponse(status=200, body={"statusCode": 200}))
            case "known":
                await _answer(context, InvokeResponse(status=200, body={"statusCode": 200, "value": "J\u00fcrgen"}))
            case "empty":
                await _answer(context, InvokeResponse(status=404))
            case _:
                pass


async def _answer(context: TurnContext, answer: InvokeResponse) -> None:
    await context.send_activity(Activity(type="invokeResponse", value=answer))


@asynccontextmanager
async def standing(database_url: str, clock: Clock = lambda: datetime.now(UTC)) -> AsyncGenerator[Door]:
    """Build a door over an empty world."""
    async with AsyncExitStack() as stack:
        world = World(clock)
        await stack.enter_async_context(serving(world))
        http = await stack.enter_async_context(ClientSession())
        rows = await Database.open(database_url, DatabaseRole.APP)
        stack.push_async_callback(rows.close)
        door = Door(world, http, rows, clock)
        application = web.Application()
        application.add_routes(door.door.routes())
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        door.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
        world.bot_url = door.url
        yield door
        await door.turns.drain(1)
