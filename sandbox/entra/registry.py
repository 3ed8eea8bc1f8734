"""Who may ask Entra for what: the registered applications, the authorities, and the people of each tenant."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import jwt

from sandbox.entra.errors import EntraError
from sandbox.people import PARTNER, TENANTS, DemoPerson, DemoTenant

_ANY_ORGANIZATION = ("organizations", "common")
_ALIASES = {"botframework.com": PARTNER}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_CALLBACK = "/auth/callback"
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class Client:
    """An app registration, open to people of every organization.

    secrets     each of them opens
    public_key  PEM of the key that signs its client assertions; None where it has none
    machines    managed identities, by client id, whose tokens prove it as well
    redirects   exact redirect addresses, besides any ``/auth/callback`` on a loopback host
    """

    id: str
    secrets: tuple[str, ...]
    public_key: str | None = None
    redirects: frozenset[str] = frozenset()
    machines: frozenset[str] = frozenset()

    def accepts_redirect(self, uri: str) -> bool:
        """Say whether Entra may send a browser to *uri*."""
        parts = urlsplit(uri)
        is_local = parts.scheme == "http" and parts.hostname in _LOOPBACK and parts.path.endswith(_CALLBACK)
        return is_local or uri in self.redirects

    def owns(self, uri: str) -> bool:
        """Say whether *uri* is a page of the application, on a loopback host or beside a redirect address."""
        parts = urlsplit(uri)
        is_local = parts.scheme == "http" and parts.hostname in _LOOPBACK
        return is_local or (parts.scheme, parts.netloc) in [urlsplit(each)[:2] for each in self.redirects]

    def prove(self, secret: str | None, assertion_type: str | None, assertion: str | None, token_path: str) -> None:
        """Accept a secret or a signed assertion (private_key_jwt).

        Raises EntraError.
        """
        if assertion and assertion_type == _ASSERTION_TYPE:
            self._prove_by_key(assertion, token_path)
        elif secret is None:
            say = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
            raise EntraError(7000218, "invalid_client", say, status=401)
        elif not any(hmac.compare_digest(secret, each) for each in self.secrets):
            say = f"Invalid client secret provided. Ensure the secret being sent is for app '{self.id}'."
            raise EntraError(7000215, "invalid_client", say, status=401)

    def _prove_by_key(self, assertion: str, token_path: str) -> None:
        try:
            claims = jwt.decode(
                assertion, self.public_key or "", ["RS256", "PS256"], issuer=self.id, subject=self.id, options={"verify_aud": False}
            )
        except (jwt.PyJWTError, TypeError, ValueError) as error:
            say = "The certificate with identifier used to sign the client assertion is not registered on application."
            raise EntraError(700027, "invalid_client", say, status=401) from error
        if urlsplit(str(claims.get("aud"))).path != token_path:
            raise EntraError(700023, "invalid_client", "Client assertion audience claim does not match Realm issuer.", status=401)


def authority(name: str) -> DemoTenant | None:
    """Return the tenant that an authority stands for; None for every organization.

    Raises EntraError where there is none of that id or domain.
    """
    if name in _ANY_ORGANIZATION:
        return None
    for tenant in TENANTS:
        if name.lower() in (tenant.id, tenant.domain):
            return tenant
    if name in _ALIASES:
        return _ALIASES[name]
    raise EntraError(90002, "invalid_request", f"Tenant '{name}' not found. Check to make sure you have the correct tenant ID.")


def admitted(people: Iterable[DemoPerson], tenant: DemoTenant | None) -> list[DemoPerson]:
    """Return those who may sign in at *tenant*; None admits everybody."""
    return [each for each in people if tenant is None or each.tenant == tenant]
