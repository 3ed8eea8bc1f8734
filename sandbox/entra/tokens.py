"""What Entra writes into its tokens."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.keys import SigningKeys
from sandbox.people import DemoPerson, DemoTenant, stable_id
from sandbox.site import Site

ACCESS_LIFE_S = 4500
"""Entra draws 60 to 90 minutes; this is the average."""

_ID_LIFE_S = 3600
_GRAPH = "00000003-0000-0000-c000-000000000000"
_OIDC = frozenset({"openid", "profile", "email", "offline_access"})

Claims = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A person signing in to an application.

    scope    what the application asked for, parted by spaces
    nonce    to be repeated in the id token
    since    when the person proved who they are (aware, UTC)
    context  authentication contexts that the sign-in has met (``acrs``)
    """

    person: DemoPerson
    client_id: str
    scope: str
    since: datetime
    nonce: str | None = None
    context: tuple[str, ...] = ()

    @property
    def scopes(self) -> list[str]:
        """The single scopes."""
        return self.scope.split()


class Minter:
    """Writes and signs tokens."""

    def __init__(self, site: Site, keys: SigningKeys) -> None:
        self._site = site
        self._keys = keys

    def issuer(self, tenant_id: str) -> str:
        """Return who signs for a tenant; ``{tenantid}`` gives the template of the common documents."""
        return f"{self._site.base_url}/{tenant_id}/v2.0"

    def id_token(self, asked: Asked, roles: tuple[str, ...]) -> str:
        """Say to an application who signed in."""
        return self._signed(
            _ID_LIFE_S,
            asked.person.tenant,
            _about(asked.person, asked.client_id)
            | {"aud": asked.client_id, "auth_time": int(asked.since.timestamp())}
            | _where({"nonce": asked.nonce, "roles": list(roles), "acrs": list(asked.context)}),
        )

    def access_token(self, asked: Asked, roles: tuple[str, ...]) -> str:
        """Let an application act for a person at the resource that the scopes name."""
        aud, scp = resource(asked.scope, asked.client_id)
        mine = list(roles) if aud == asked.client_id else []
        return self._signed(
            ACCESS_LIFE_S,
            asked.person.tenant,
            _about(asked.person, aud)
            | {"aud": aud, "azp": asked.client_id, "azpacr": "1", "scp": scp}
            | _where({"roles": mine, "acrs": list(asked.context)}),
        )

    def app_token(self, tenant: DemoTenant, client_id: str, scope: str) -> str:
        """Let an application act as itself."""
        principal = stable_id(f"principal.{client_id}.{tenant.id}")
        claims = {"azp": client_id, "appid": client_id, "azpacr": "1", "idtyp": "app", "oid": principal, "sub": principal}
        return self._signed(ACCESS_LIFE_S, tenant, claims | {"aud": resource(scope, client_id)[0]})

    def _signed(self, life_s: int, tenant: DemoTenant, claims: Claims) -> str:
        now = int(self._site.clock().timestamp())
        standing = {"iss": self.issuer(tenant.id), "iat": now, "nbf": now, "exp": now + life_s, "tid": tenant.id, "ver": "2.0"}
        return self._keys.sign(claims | standing | {"uti": secrets.token_urlsafe(16)})


def resource(scope: str, client_id: str) -> tuple[str, str]:
    """Return the audience that *scope* names, and the permissions there.

    ``https://api.example/.default`` names ``https://api.example``; ``api://.../access_as_user`` the client itself; bare words Graph.
    """
    wanted = [each for each in scope.split() if each not in _OIDC]
    named = [each for each in wanted if "/" in each]
    if not named:
        return _GRAPH, " ".join(wanted or ["openid", "profile"])
    aud = named[0].rpartition("/")[0]
    permissions = " ".join(each.rpartition("/")[2] for each in named).replace(".default", "access_as_user")
    is_own = aud == client_id or (aud.startswith("api://") and aud.endswith(client_id))
    return (client_id if is_own else aud), permissions


def client_info(person: DemoPerson) -> str:
    """Return what MSAL builds an account's id from."""
    text = json.dumps({"uid": person.oid, "utid": person.tenant.id})
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _about(person: DemoPerson, audience: str) -> Claims:
    pairwise = hashlib.sha256(f"{person.oid} {audience}".encode()).digest()
    sub = base64.urlsafe_b64encode(pairwise).decode().rstrip("=")
    return {"oid": person.oid, "sub": sub, "name": person.name, "preferred_username": person.upn}


def _where(claims: Claims) -> Claims:
    return {name: value for name, value in claims.items() if value}
