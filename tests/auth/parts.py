"""What knows who somebody is, over a real database and the sandbox's Entra."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from aiohttp import ClientSession
from cryptography.fernet import Fernet

from auth.browsers import Browsers
from auth.entra import Proof, Registration
from auth.keys import SigningKeys
from auth.seal import Seal
from auth.sessions import EntraSessions
from auth.tokens import EntraTokens
from backends.postgres.browser_sessions import PostgresBrowserSessions
from backends.postgres.database import Database
from backends.postgres.sessions import PostgresSessions
from billing.access import Person
from billing.people import Session
from sandbox.people import DemoPerson, person
from sandbox.world import BOT_APP_ID, World
from tests.auth.clouds import REDIRECT, Clouds, LateEntra, Meanwhile
from tests.clock import ShiftedClock

FINN = person("finn")
FAY = person("fay")
KEY = Fernet.generate_key().decode()


def whom(someone: DemoPerson) -> Person:
    """Return how the bot names a demo person."""
    return Person.parse(someone.tenant.id, someone.oid)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts, and what they work with."""

    clouds: Clouds
    database: Database
    http: ClientSession
    clock: ShiftedClock

    @property
    def world(self) -> World:
        """The clouds' state."""
        return self.clouds.world

    @property
    def tokens(self) -> EntraTokens:
        """The verifier of Entra's tokens, which has not met any key yet."""
        metadata = f"{self.world.base_url}/organizations/v2.0/.well-known/openid-configuration"
        return EntraTokens(SigningKeys(self.http, metadata, self.clock), BOT_APP_ID, self.world.base_url, self.clock)

    @property
    def browsers(self) -> Browsers:
        """Browsers that are signed in."""
        return Browsers(PostgresBrowserSessions(self.database), self.clock)

    def sessions(self, *keys: str, registration: Registration | None = None) -> EntraSessions:
        """Return sessions sealed with *keys*, newest first."""
        kept, browsers = PostgresSessions(self.database), PostgresBrowserSessions(self.database)
        at = registration or self.clouds.registration
        return EntraSessions(self.clouds.entra, at, self.tokens, Seal(keys or [KEY]), kept, browsers, self.clock)

    @asynccontextmanager
    async def late(self, meanwhile: Meanwhile) -> AsyncGenerator["Parts"]:
        """Return parts to whose sessions *meanwhile* happens, whenever Entra is about to answer."""
        entra = LateEntra(self.world, meanwhile)
        yield replace(self, clouds=replace(self.clouds, entra=entra))
        entra.close()

    async def kept(self, someone: DemoPerson = FINN) -> Session:
        """Return the session as it is in the database. Raises NotSignedIn."""
        return await PostgresSessions(self.database).get(whom(someone))

    async def proof(self, someone: DemoPerson = FINN, nonce: str = "") -> tuple[Proof, str]:
        """Sign somebody in at Entra; return the proof and the nonce that was agreed."""
        flow = await self.clouds.entra.begin(self.clouds.registration, REDIRECT)
        if nonce:
            flow = {**flow, "nonce": nonce}
        came = self.clouds.comes_back(flow["auth_uri"], someone)
        return await self.clouds.entra.redeem(self.clouds.registration, flow, came), str(flow["nonce"])

    async def signed_in(self, someone: DemoPerson = FINN, *keys: str) -> EntraSessions:
        """Begin somebody's session."""
        sessions = self.sessions(*keys)
        proof, nonce = await self.proof(someone)
        await sessions.keep(await sessions.prove(proof, nonce=nonce))
        return sessions

    def asked_for_tokens(self) -> int:
        """Return how often Entra was asked for a token."""
        return len(self.world.asked("entra", "POST /"))

    def refused_client(self) -> Registration:
        """Return our registration with a secret that has expired."""
        return replace(self.clouds.registration, credential="expired secret")
