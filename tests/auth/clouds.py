"""Entra over real HTTP, and a person's way through it without a browser."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from auth.entra import Entra, Proof, Registration
from auth.transport import LoopbackTransport
from sandbox.entra.tokens import Asked
from sandbox.people import PARTNER, DemoPerson
from sandbox.world import BOT_APP_ID, BOT_SECRET, World

Meanwhile = Callable[[], Awaitable[object]]

REDIRECT = "http://localhost:3978/auth/callback"


class LateEntra(Entra):
    """Entra, whose answers arrive only after something else has happened."""

    def __init__(self, world: World, meanwhile: Meanwhile) -> None:
        super().__init__(LoopbackTransport(world.base_url))
        self._meanwhile = meanwhile

    async def renew(self, registration: Registration, cache: str) -> Proof:
        """Return a fresh proof, late."""
        proof = await super().renew(registration, cache)
        await self._meanwhile()
        return proof

    async def exchange(self, registration: Registration, token: str) -> Proof:
        """Return a proof for what Teams has sent, late."""
        proof = await super().exchange(registration, token)
        await self._meanwhile()
        return proof


@dataclass(frozen=True, slots=True)
class Clouds:
    """The sandbox's Entra, as our code meets it."""

    world: World
    entra: Entra

    @classmethod
    def of(cls, world: World) -> "Clouds":
        """Return the clouds of a world that is being served."""
        return cls(world, Entra(LoopbackTransport(world.base_url)))

    @property
    def registration(self) -> Registration:
        """What people sign in to."""
        return Registration(f"{self._secure}/organizations", BOT_APP_ID, BOT_SECRET)

    @property
    def partner(self) -> Registration:
        """What the bot itself gets tokens with."""
        return Registration(f"{self._secure}/{PARTNER.id}", BOT_APP_ID, BOT_SECRET)

    @property
    def _secure(self) -> str:
        return self.world.base_url.replace("http://", "https://")

    def comes_back(self, auth_uri: object, person: DemoPerson, nonce: str = "") -> dict[str, str]:
        """Return what a browser brings back once *person* has signed in at *auth_uri*; with another *nonce* where one is given."""
        query = dict(parse_qsl(urlsplit(str(auth_uri)).query))
        asked = Asked(person, BOT_APP_ID, query["scope"], self.world.clock(), nonce or query["nonce"])
        return {"code": self.world.entra.issued.code(asked, REDIRECT, query["code_challenge"]), "state": query["state"]}


def query_of(address: str) -> Mapping[str, str]:
    """Return the query of an address."""
    return dict(parse_qsl(urlsplit(address).query))
