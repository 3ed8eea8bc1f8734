"""Tokens that should not get in, and the way to make some that should."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import jwt

from sandbox.keys import SigningKeys
from sandbox.people import person
from sandbox.world import BOT_APP_ID
from tests.bot.doors import Door

Token = Callable[[Door], str]


def claims(door: Door, **changes: object) -> dict[str, object]:
    """Return what the channel claims; None takes a claim out."""
    now = int(time.time())
    told = {"iss": "https://api.botframework.com", "aud": BOT_APP_ID, "serviceurl": door.world.teams.delivery.service_url}
    return {name: each for name, each in {**told, "nbf": now, "exp": now + 3600, **changes}.items() if each is not None}


def signed(**changes: Any) -> Token:
    """Return a token by the channel's key; a number of seconds is counted from now."""

    def token(door: Door) -> str:
        now = int(time.time())
        moved = {name: now + each if name in {"exp", "nbf"} and isinstance(each, int) else each for name, each in changes.items()}
        return door.world.teams.keys.sign(claims(door, **moved))

    return token


def kid_of(door: Door) -> str:
    """Return the id of the channel's key."""
    return str(door.world.teams.keys.document()["keys"][-1]["kid"])


def headed(**header: object) -> Token:
    """Return the channel's claims under another header, the signature of which proves nothing."""

    def token(door: Door) -> str:
        parts = {"typ": "JWT", "alg": "RS256", "kid": kid_of(door), **header}, claims(door)
        return ".".join([*(encoded(json.dumps(part).encode()) for part in parts), encoded(b"x" * 256)])

    return token


def signed_with_the_public_key(door: Door) -> str:
    """Return a token whose HMAC secret is what everybody knows."""
    key = jwt.PyJWK(door.world.teams.keys.document()["keys"][-1] | {"alg": "RS256"})
    parts = {"typ": "JWT", "alg": "HS256", "kid": kid_of(door)}, claims(door)
    told = ".".join(encoded(json.dumps(part).encode()) for part in parts)
    public = key.key.public_numbers().n.to_bytes(256, "big")
    return f"{told}.{encoded(hmac.digest(public, told.encode(), 'sha256'))}"


def by_a_stranger(door: Door) -> str:
    """Return a token by a key of somebody else's, under the id of the channel's."""
    strangers = SigningKeys().sign(claims(door))
    _, told, signature = strangers.split(".")
    header = encoded(json.dumps({"alg": "RS256", "kid": kid_of(door)}).encode())
    return f"{header}.{told}.{signature}"


def encoded(part: bytes) -> str:
    """Return a part of a token."""
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


REFUSED: tuple[tuple[str, int, Token], ...] = (
    ("empty", 401, lambda _: ""),
    ("garbage", 401, lambda _: "garbage"),
    ("garbage in three parts", 401, lambda _: "a.b.c"),
    ("empty objects", 401, lambda _: "e30.e30.e30"),
    ("dots", 401, lambda _: "." * 7000),
    ("deep header", 401, lambda _: encoded(b"[" * 5000) + ".e30.e30"),
    ("unsigned", 401, lambda door: jwt.encode(claims(door), "", "none", headers={"kid": kid_of(door)})),
    ("HMAC with the public key", 401, signed_with_the_public_key),
    ("bad signature", 401, by_a_stranger),
    ("unknown key", 401, lambda door: SigningKeys().sign(claims(door))),
    ("another algorithm", 401, headed(alg="RS512")),
    ("no key id", 401, headed(kid=None)),
    ("key id is a list", 401, headed(kid=["a"])),
    ("brings its own keys", 401, headed(jku="http://169.254.169.254/", x5u="http://169.254.169.254/")),
    ("critical header", 401, headed(b64=False, crit=["b64"])),
    ("lives for ever", 401, signed(exp=None)),
    ("exp is a text", 401, signed(exp="tomorrow")),
    ("expired six minutes ago", 401, signed(exp=-6 * 60)),
    ("begins in six minutes", 401, signed(nbf=6 * 60)),
    ("another bot's", 403, signed(aud="11111111-1111-4111-8111-111111111111")),
    ("nobody's", 401, signed(aud=None)),
    ("the emulator's issuer", 403, signed(iss="https://sts.windows.net/botframework.com/")),
    ("no issuer", 403, signed(iss=None)),
    ("a person's from Entra", 403, lambda door: door.world.entra.sso_token(person("finn"), BOT_APP_ID)),
    ("another service", 403, signed(serviceurl="https://smba.trafficmanager.net/amer/")),
    ("no service", 403, signed(serviceurl=None)),
    ("empty service", 403, signed(serviceurl="")),
)
"""What each is, the status it gets, and how it is made."""
