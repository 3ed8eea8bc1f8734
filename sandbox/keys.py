"""RSA keys that sign tokens, and how they are published."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm
from jwt.types import Options

# PyJWT looks at the machine's clock; the sandbox has its own.
_OWN_CLOCK: Options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "require": ["exp", "aud"]}
_LEEWAY_S = 300


@dataclass(frozen=True, slots=True)
class _Key:
    id: str
    private: RSAPrivateKey


def _new_key() -> _Key:
    private = generate_private_key(public_exponent=65537, key_size=2048)
    public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    thumbprint = base64.urlsafe_b64encode(hashlib.sha256(public).digest()[:20])
    return _Key(thumbprint.decode().rstrip("="), private)


@cache
def _first_key(_: str) -> _Key:
    """Return the key with which that issuer begins: one for all worlds of a process, since making one takes longest of all."""
    return _new_key()


class SigningKeys:
    """The keys of one issuer: the newest signs, every one is published. The first is made when it is needed.

    issuer  whose they are; a stranger's, like nobody else's, where that is left out
    """

    def __init__(self, issuer: str = "") -> None:
        self._issuer = issuer
        self._keys: list[_Key] = []

    def rotate(self) -> None:
        """Publish a new key and sign with it from now on; tokens signed before stay valid."""
        self._published()
        self._keys.append(_new_key())

    def withdraw_old(self) -> None:
        """Publish the newest key alone, so that tokens signed with an older one become worthless."""
        self._keys = self._published()[-1:]

    def sign(self, claims: Mapping[str, object]) -> str:
        """Return a JWT (RS256) over *claims*."""
        key = self._published()[-1]
        return jwt.encode(dict(claims), key.private, "RS256", headers={"kid": key.id, "x5t": key.id})

    def document(self, **members: object) -> dict[str, Any]:
        """Return the JSON Web Key Set; *members* are added to every key."""
        return {"keys": [_published_form(key) | members for key in self._published()]}

    def verified(self, token: str, audience: str, now: datetime) -> dict[str, Any]:
        """Return the claims of a token for *audience* that one of these keys signed and that is good as of *now*.

        Raises jwt.PyJWTError, also for an unknown key.
        """
        kid = jwt.get_unverified_header(token).get("kid")
        for key in self._published():
            if key.id == kid:
                claims = jwt.decode(token, key.private.public_key(), ["RS256"], audience=audience, options=_OWN_CLOCK)
                return _within_time(claims, now.timestamp())
        raise jwt.InvalidKeyError(str(kid))

    def _published(self) -> list[_Key]:
        if not self._keys:
            self._keys.append(_first_key(self._issuer) if self._issuer else _new_key())
        return self._keys


def _published_form(key: _Key) -> dict[str, Any]:
    public = RSAAlgorithm.to_jwk(key.private.public_key(), as_dict=True)
    return {"kty": "RSA", "use": "sig", "kid": key.id, "x5t": key.id, "n": public["n"], "e": public["e"]}


def _within_time(claims: dict[str, Any], now_s: float) -> dict[str, Any]:
    if now_s > claims["exp"] + _LEEWAY_S:
        raise jwt.ExpiredSignatureError(str(claims["exp"]))
    if now_s < claims.get("nbf", 0) - _LEEWAY_S:
        raise jwt.ImmatureSignatureError(str(claims["nbf"]))
    return claims
