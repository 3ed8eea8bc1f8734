"""Bearer tokens from the Bot Framework's channel and from Entra: verified here, believed nowhere else."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import jwt
from jwt.exceptions import PyJWTError

from auth.keys import SigningKey, SigningKeys
from billing.errors import BadToken, ForeignToken
from billing.ports import Clock

CHANNEL_ISSUER = "https://api.botframework.com"
SKEW = timedelta(minutes=5)
REMEMBERED = 10_000
LONGEST = 16_384

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChannelProof:
    """What a token of the channel proves of whoever sends it.

    service   address of the one service that it speaks for, without a slash at the end; empty: none
    channels  those that its key may speak for
    """

    service: str
    channels: frozenset[str]

    def require(self, service_url: str, channel: str) -> None:
        """Raise ForeignToken unless an activity may name *service_url* and *channel*."""
        if not self.service or self.service != service_url.rstrip("/"):
            raise ForeignToken(reason="serviceurl")
        if channel not in self.channels:
            raise ForeignToken(reason="endorsement")


class ChannelTokens:
    """Proof that an activity comes from a channel of the Bot Framework and is meant for this bot.

    Source: "Authentication with the Bot Connector API", Microsoft Learn. The emulator's way in is deliberately absent.
    """

    def __init__(self, keys: SigningKeys, app_id: str, clock: Clock) -> None:
        self._keys = keys
        self._app_id = app_id
        self._clock = clock
        self._verified: OrderedDict[bytes, tuple[Claims, SigningKey]] = OrderedDict()

    async def verify(self, authorization: str) -> "ChannelProof":
        """Return what an Authorization header proves. Raises BadToken (nothing), ForeignToken (another issuer, audience), SourceDown."""
        claims, key = await self._claims(_bearer(authorization))
        return ChannelProof(str(claims.get("serviceurl", "")).rstrip("/"), key.endorsements)

    async def _claims(self, token: str) -> tuple[Claims, SigningKey]:
        """Verify a token once; a channel sends the same one for an hour."""
        digest = sha256(token.encode()).digest()
        known = self._verified.get(digest)
        if known is not None and _seconds(known[0], "exp") + SKEW.total_seconds() > self._clock().timestamp():
            return known
        header, unverified = _peek(token)
        if unverified.get("iss") != CHANNEL_ISSUER:
            raise ForeignToken(reason="issuer")
        key = await self._keys.get(str(header["kid"]))
        claims = _decode(token, key, self._app_id, self._clock)
        self._verified[digest] = (claims, key)
        if len(self._verified) > REMEMBERED:
            self._verified.popitem(last=False)
        return claims, key


class EntraTokens:
    """Proof that Entra issued a token for our app registration to a person of a tenant."""

    def __init__(self, keys: SigningKeys, client_id: str, authority_host: str, clock: Clock) -> None:
        """Take the authority's address without a tenant, as in ``https://login.microsoftonline.com``."""
        self._keys = keys
        self._audiences = [client_id, f"api://{client_id}", f"api://botid-{client_id}"]
        self._host = authority_host
        self._clock = clock

    async def verify(self, token: str) -> Claims:
        """Return the claims, among them ``tid`` and ``oid`` as GUIDs in lower case. Raises BadToken, ForeignToken, SourceDown."""
        header, unverified = _peek(token)
        tenant = _guid(unverified.get("tid"))
        issuer = f"{self._host}/{tenant}/v2.0"
        if unverified.get("iss") != issuer:
            raise ForeignToken(reason="issuer")
        key = await self._keys.get(str(header["kid"]))
        if key.issuer and key.issuer.replace("{tenantid}", tenant) != issuer:
            raise ForeignToken(reason="key of another issuer")
        claims = _decode(token, key, self._audiences, self._clock)
        return {**claims, "tid": tenant, "oid": _guid(claims.get("oid"))}


def _bearer(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > LONGEST or not token.isascii():
        raise BadToken(reason="no bearer token")
    return token


def _peek(token: str) -> tuple[Mapping[str, Any], Claims]:
    """Read header and claims without believing them, to find the key."""
    try:
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(token, options={"verify_signature": False})
    except (PyJWTError, ValueError, RecursionError) as error:
        raise BadToken(reason="garbage") from error
    if header.get("alg") != "RS256" or "kid" not in header:
        raise BadToken(reason="algorithm")
    return header, claims


def _decode(token: str, key: SigningKey, audience: str | list[str], clock: Clock) -> Claims:
    """Check signature and audience with PyJWT, the times against our own clock."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=["RS256"],
            audience=audience,
            options={"require": ["exp", "iss", "aud"], "verify_exp": False, "verify_nbf": False, "verify_iat": False},
        )
    except jwt.InvalidAudienceError as error:
        raise ForeignToken(reason="audience") from error
    except PyJWTError as error:
        raise BadToken(reason=type(error).__name__) from error
    now, skew = clock().timestamp(), SKEW.total_seconds()
    if _seconds(claims, "exp") + skew <= now or _seconds(claims, "nbf") - skew > now:
        raise BadToken(reason="expired")
    return claims


def _seconds(claims: Claims, name: str) -> float:
    found = claims.get(name, 0)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise BadToken(reason=name)
    return float(found)


def _guid(claim: object) -> str:
    """Return a GUID in lower case; an issuer built from anything else could be made to point elsewhere."""
    try:
        return str(UUID(str(claim)))
    except ValueError:
        raise BadToken(reason="not a GUID") from None
