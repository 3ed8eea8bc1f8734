"""Codes and refresh tokens on their way: what each stands for, and when it stops."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sandbox.entra.errors import EntraError, missing
from sandbox.entra.tokens import Asked
from sandbox.people import DemoPerson
from sandbox.site import Site

_CODE_LIFE = timedelta(minutes=10)
_REFRESH_LIFE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Code:
    """An authorization code on its way through a browser.

    challenge  the PKCE challenge (S256); None where the client sent none
    """

    asked: Asked
    redirect_uri: str
    challenge: str | None
    expires: datetime
    is_used: bool = False


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A standing permission to new tokens."""

    asked: Asked
    expires: datetime
    is_revoked: bool = False


class Issued:
    """Every code and refresh token that was given out."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._codes: dict[str, Code] = {}
        self._refresh_tokens: dict[str, RefreshToken] = {}

    def code(self, asked: Asked, redirect_uri: str, challenge: str | None) -> str:
        """Return a code, good once and for ten minutes."""
        code = f"1.{secrets.token_urlsafe(48)}"
        self._codes[code] = Code(asked, redirect_uri, challenge, self._site.clock() + _CODE_LIFE)
        return code

    def redeem(self, code: str, client_id: str, redirect_uri: str, verifier: str | None) -> Asked:
        """Return what a code stands for, once. Raises EntraError."""
        held = self._codes.get(code)
        if held is None or held.asked.client_id != client_id:
            raise EntraError(9002313, "invalid_grant", "Invalid request. Request is malformed or invalid.")
        if held.is_used:
            say = "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token."
            raise EntraError(54005, "invalid_grant", say)
        self._codes[code] = replace(held, is_used=True)
        if held.expires <= self._site.clock():
            raise _expired()
        if held.redirect_uri != redirect_uri:
            say = "The reply address does not match the reply address provided when requesting the authorization code."
            raise EntraError(500112, "invalid_grant", say)
        _check_pkce(held.challenge, verifier)
        return held.asked

    def refresh_token(self, asked: Asked) -> str:
        """Return a refresh token; those given out before stay good, as at Entra."""
        token = f"1.{secrets.token_urlsafe(64)}"
        self._refresh_tokens[token] = RefreshToken(asked, self._site.clock() + _REFRESH_LIFE)
        return token

    def refreshed(self, token: str, client_id: str) -> Asked:
        """Return what a refresh token stands for. Raises EntraError."""
        held = self._refresh_tokens.get(token)
        if held is None or held.asked.client_id != client_id:
            raise EntraError(9002313, "invalid_grant", "Invalid request. Request is malformed or invalid.")
        if held.is_revoked:
            say = "The provided grant has expired due to it being revoked, a fresh auth token is needed."
            raise EntraError(50173, "invalid_grant", say, suberror="bad_token")
        if held.expires <= self._site.clock():
            raise _expired()
        return held.asked

    def revoke(self, person: DemoPerson) -> None:
        """Make the refresh tokens that the person holds useless."""
        for token, held in self._refresh_tokens.items():
            if held.asked.person == person:
                self._refresh_tokens[token] = replace(held, is_revoked=True)


def _expired() -> EntraError:
    return EntraError(70008, "invalid_grant", "The provided authorization code or refresh token has expired due to inactivity.")


def _check_pkce(challenge: str | None, verifier: str | None) -> None:
    if challenge is None:
        return
    if not verifier:
        raise missing("code_verifier")
    digest = hashlib.sha256(verifier.encode()).digest()
    if base64.urlsafe_b64encode(digest).decode().rstrip("=") != challenge:
        say = "The Code_Verifier does not match the code_challenge supplied in the authorization request."
        raise EntraError(501481, "invalid_grant", say)
