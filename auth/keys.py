"""An issuer's public signing keys, fetched when needed and kept through its outages."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from billing.errors import BadToken, SourceDown
from billing.ports import Clock

log = logging.getLogger(__name__)

REFRESH_AFTER = timedelta(hours=6)
USABLE_FOR = timedelta(hours=24)
ASK_AT_MOST_EVERY = timedelta(minutes=1)
DEADLINE_S = 5.0


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One RSA key of an issuer.

    endorsements  channels that the key may speak for (Bot Framework)
    issuer        the only issuer that may use the key, possibly with ``{tenantid}`` (Entra); "" where unsaid
    """

    key: PyJWK
    endorsements: frozenset[str]
    issuer: str


class SigningKeys:
    """The keys behind one OpenID metadata address.

    An unknown key id causes at most one fetch a minute, so that a flood of forged tokens costs nothing; keys that have
    been fetched stay usable for 24 hours while the issuer's endpoint is down.
    """

    def __init__(self, http: aiohttp.ClientSession, metadata_url: str, clock: Clock) -> None:
        self._http = http
        self._metadata_url = metadata_url
        self._clock = clock
        self._keys: Mapping[str, SigningKey] = {}
        self._fetched: datetime | None = None
        self._asked: datetime | None = None
        self._fetching = asyncio.Lock()

    @property
    def age(self) -> timedelta | None:
        """Time since the last successful fetch; None before the first."""
        return None if self._fetched is None else self._clock() - self._fetched

    async def get(self, key_id: str) -> SigningKey:
        """Return the key of that id. Raises BadToken where the issuer has none, SourceDown where it cannot be asked."""
        is_needed = key_id not in self._keys or not _is_within(self.age, USABLE_FOR)
        if is_needed or not (_is_within(self.age, REFRESH_AFTER) or self._fetching.locked()):
            await self._refresh(key_id)
        if not _is_within(self.age, USABLE_FOR):
            raise SourceDown(source="signing keys")
        if key_id not in self._keys:
            raise BadToken(reason="unknown key")
        return self._keys[key_id]

    async def _refresh(self, wanted: str) -> None:
        async with self._fetching:
            now = self._clock()
            if self._asked is not None and timedelta(0) <= now - self._asked < ASK_AT_MOST_EVERY:
                return
            self._asked = now
            try:
                self._keys = await self._fetch()
            except (aiohttp.ClientError, TimeoutError, ValueError, LookupError, TypeError, AttributeError, PyJWTError) as error:
                log.warning("keys.unreachable", extra={"wanted": wanted, "error": type(error).__name__})
                return
            self._fetched = now

    async def _fetch(self) -> Mapping[str, SigningKey]:
        metadata = await self._json(self._metadata_url)
        document = await self._json(metadata["jwks_uri"])
        found = {each["kid"]: _signing_key(each) for each in document["keys"] if each.get("kty") == "RSA" and "kid" in each}
        if not found:
            raise ValueError("no RSA key")
        return found

    async def _json(self, url: str) -> Any:
        async with self._http.get(url, timeout=aiohttp.ClientTimeout(DEADLINE_S), allow_redirects=False) as answer:
            answer.raise_for_status()
            return await answer.json(content_type=None)


def _is_within(age: timedelta | None, limit: timedelta) -> bool:
    """Whether *age* is one and not over *limit*; what comes from the future was stamped by a clock that has been set back since."""
    return age is not None and timedelta(0) <= age <= limit


def _signing_key(jwk: Mapping[str, Any]) -> SigningKey:
    key = PyJWK({**jwk, "alg": "RS256"})
    return SigningKey(key, frozenset(jwk.get("endorsements") or ()), str(jwk.get("issuer") or ""))
