"""A client of the sandbox's Dataverse: gets its token as the bot does, and speaks plain HTTP."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from json import loads
from typing import Any

from aiohttp import ClientSession
from multidict import CIMultiDictProxy

from sandbox.people import PARTNER
from sandbox.world import DATAVERSE_CLIENT_ID, DATAVERSE_SECRET, World


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: ``text`` as it was on the wire, ``json`` with exact numbers."""

    status: int
    headers: CIMultiDictProxy[str]
    text: str

    @property
    def json(self) -> Any:
        return loads(self.text, parse_float=Decimal)

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.json["value"]

    @property
    def code(self) -> str:
        return self.json["error"]["code"]

    @property
    def message(self) -> str:
        return self.json["error"]["message"]


class DataverseClient:
    """Sends requests to ``/api/data/v9.2/`` with a bearer token."""

    def __init__(self, session: ClientSession, world: World, token: str) -> None:
        self._session = session
        self._root = f"{world.dataverse_url}/api/data/v9.2/"
        self._token = token

    async def get(self, path: str, *, prefer: str = "") -> Answer:
        """Return the answer to a GET of a path below the root, or of a link that the server gave."""
        return await self.send("GET", path, prefer=prefer)

    async def send(self, method: str, path: str, *, prefer: str = "", json: Any = None, **headers: str) -> Answer:
        sent = {"Authorization": f"Bearer {self._token}", **{name.replace("_", "-"): value for name, value in headers.items()}}
        sent |= {"Prefer": prefer} if prefer else {}
        address = path if path.startswith("http") else self._root + path
        async with self._session.request(method, address, json=json, headers=sent) as answer:
            return Answer(answer.status, answer.headers, await answer.text())

    async def pages(self, path: str, size: int) -> list[list[dict[str, Any]]]:
        """Follow the links to the end."""
        found: list[list[dict[str, Any]]] = []
        link: str | None = path
        while link:
            answer = await self.get(link, prefer=f"odata.maxpagesize={size}")
            found.append(answer.rows)
            link = answer.json.get("@odata.nextLink")
        return found


@asynccontextmanager
async def connected(world: World) -> AsyncGenerator[DataverseClient]:
    """Connect as the bot's application user."""
    asked = {
        "grant_type": "client_credentials",
        "client_id": DATAVERSE_CLIENT_ID,
        "client_secret": DATAVERSE_SECRET,
        "scope": f"{world.dataverse_url}/.default",
    }
    async with ClientSession() as session:
        async with session.post(f"{world.base_url}/{PARTNER.id}/oauth2/v2.0/token", data=asked) as answer:
            token = (await answer.json())["access_token"]
        yield DataverseClient(session, world, token)
