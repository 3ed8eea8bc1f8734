"""The only door to MSAL: it blocks, so it runs in threads, and what it says is translated into our own words."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

import asyncio
import logging
import warnings
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

import requests
from msal import ConfidentialClientApplication, ManagedIdentityClient, SerializableTokenCache, UserAssignedManagedIdentity
from msal.exceptions import MsalServiceError

from auth.credentials import CertificateFile, Credential, FederatedIdentity, ManagedIdentity
from auth.transport import Transport
from billing.errors import SignInCancelled, SignInRefused, SourceDown

log = logging.getLogger(__name__)

T = TypeVar("T")
SCOPES = ("User.Read",)
"""The least that Entra gives a refresh token for; every new app registration has it. Nothing is read with it."""

EXCHANGE = "api://AzureADTokenExchange"
"""Whom a managed identity's token must be meant for, so that an app registration may take it for its own proof."""

UNREACHED = (requests.RequestException, MsalServiceError, OSError, ValueError, LookupError, AttributeError)
"""What MSAL raises when Entra does not answer, is down (MsalServiceError), or says what is no JSON or not the JSON that it expects."""

THREADS = 8
DEADLINE_S = 15.0
NOT_NOW = frozenset({"temporarily_unavailable", "server_error"})
NOT_US = frozenset({"invalid_client", "unauthorized_client"})
"""Entra does not accept our own credential: an operator must act, and nobody's session is at fault."""
DENIED = frozenset({"access_denied", "consent_required", "interaction_required", "login_required", "invalid_grant"})


class ClaimsDemanded(SignInCancelled):
    """Entra wants more proof of the person: the same sign-in once more, with these *claims* in it."""

    def __init__(self, claims: str, **facts: object) -> None:
        super().__init__(**facts)
        self.claims = claims


@dataclass(frozen=True, slots=True)
class Registration:
    """An app registration at one authority.

    authority   ``https://login.microsoftonline.com/<tenant or organizations>``
    credential  how it proves itself
    """

    authority: str
    client_id: str
    credential: Credential = field(repr=False)

    def consent_address(self, redirect_uri: str) -> str:
        """Return where an administrator agrees to the app for their whole organization."""
        query = {"client_id": self.client_id, "scope": "https://graph.microsoft.com/User.Read", "redirect_uri": redirect_uri}
        return f"{self.authority}/v2.0/adminconsent?{urlencode(query)}"

    def of(self, tenant: str) -> "Registration":
        """Return the same registration at one tenant's own authority, where tokens of its people are exchanged."""
        return replace(self, authority=f"{self.authority.rpartition('/')[0]}/{tenant}")


@dataclass(frozen=True, slots=True)
class Proof:
    """What Entra answered to a sign-in.

    id_token  still to be verified
    cache     MSAL's serialized token cache, with the refresh token; secret
    """

    id_token: str
    cache: str


class Entra:
    """Sign-in and tokens at Microsoft Entra."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="msal")
        # form_post would come back as a cross-site POST, to which a browser attaches no SameSite=Lax cookie: the one that
        # proves that it is the same browser. The code alone is worth nothing without the verifier that we keep.
        warnings.filterwarnings("ignore", message="response_mode='form_post' is recommended")

    def close(self) -> None:
        """Give the threads back."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def begin(self, registration: Registration, redirect_uri: str, **hints: str) -> Mapping[str, object]:
        """Return a flow (``auth_uri`` to send the browser to, ``state``, and secrets to keep) with PKCE and nonce.

        hints  ``prompt``, ``login_hint``, ``claims_challenge``: as MSAL defines them
        """
        application = self._application
        return await self._ask(lambda: application(registration).initiate_auth_code_flow(list(SCOPES), redirect_uri=redirect_uri, **hints))

    async def redeem(self, registration: Registration, flow: Mapping[str, object], answer: Mapping[str, str]) -> Proof:
        """Exchange what Entra sent back for a proof.

        Raises SignInCancelled, SignInRefused (state, nonce or code do not fit), SourceDown.
        """

        def finish(application: Any) -> Mapping[str, Any]:
            try:
                return application.acquire_token_by_auth_code_flow(dict(flow), dict(answer))
            except (ValueError, RuntimeError) as error:  # RuntimeError: the id token is not for this walk
                raise SignInRefused(reason="state or answer does not fit the flow") from error

        return await self._proof(registration, "", finish)

    async def exchange(self, registration: Registration, token: str) -> Proof:
        """Exchange the token that Teams' single sign-on gave us, on the person's behalf.

        Raises SignInCancelled (consent or interaction is needed), SignInRefused, SourceDown.
        """
        return await self._proof(registration, "", lambda application: application.acquire_token_on_behalf_of(token, list(SCOPES)))

    async def renew(self, registration: Registration, cache: str) -> Proof:
        """Ask Entra whether a person is still welcome, with the refresh token in *cache*.

        Raises SignInCancelled (revoked, disabled, interaction needed), SignInRefused, SourceDown.
        """

        def refresh(application: Any) -> Mapping[str, Any]:
            accounts = application.get_accounts()
            if not accounts:
                return {"error": "no account in the cache"}
            told = application.acquire_token_silent_with_error(list(SCOPES), accounts[0], force_refresh=True)
            return told or {"error": "no refresh token in the cache"}

        return await self._proof(registration, cache, refresh)

    async def _proof(self, registration: Registration, cache: str, ask: Callable[[Any], Mapping[str, Any]]) -> Proof:
        tokens = SerializableTokenCache()
        if cache:
            tokens.deserialize(cache)
        result = await self._ask(lambda: ask(self._application(registration, tokens)))
        if "id_token" not in result:
            raise _refusal(result)
        return Proof(str(result["id_token"]), tokens.serialize())

    async def app_token(self, registration: Registration, scope: str) -> tuple[str, timedelta]:
        """Return a token for the application itself and how long it lives. Raises SourceDown."""
        result = await self._ask(lambda: self._for_itself(registration, scope))
        if "access_token" not in result:
            log.error("entra.no_app_token", extra={"scope": scope, "error": result.get("error"), "codes": result.get("error_codes")})
            raise SourceDown(source="entra", error=result.get("error"))
        return str(result["access_token"]), timedelta(seconds=int(result["expires_in"]))

    def _for_itself(self, registration: Registration, scope: str) -> Mapping[str, Any]:
        if isinstance(registration.credential, ManagedIdentity):
            return self._machine(registration.credential.client_id, scope.removesuffix("/.default"))
        return self._application(registration).acquire_token_for_client([scope])

    def _machine(self, client_id: str, resource: str) -> Mapping[str, Any]:
        """Ask Azure for a token of the machine that we run on."""
        machine: Any = ManagedIdentityClient(UserAssignedManagedIdentity(client_id=client_id), http_client=self._transport, http_cache={})
        return machine.acquire_token_for_client(resource=resource)

    def _assertion(self, client_id: str) -> str:
        told = self._machine(client_id, EXCHANGE)
        if "access_token" not in told:
            raise SourceDown(source="managed identity", error=told.get("error"))
        return str(told["access_token"])

    def _proven_by(self, credential: Credential) -> str | Mapping[str, Any]:
        """Return a credential as MSAL wants it."""
        match credential:
            case str():
                return credential
            case CertificateFile():
                certificate = credential.current()
                return {"private_key": certificate.key, "public_certificate": certificate.public}
            case FederatedIdentity(client_id):
                return {"client_assertion": lambda: self._assertion(client_id)}
            case ManagedIdentity():
                raise TypeError("nobody can sign in to a managed identity")

    def _application(self, registration: Registration, tokens: SerializableTokenCache | None = None) -> Any:
        return ConfidentialClientApplication(
            registration.client_id,
            client_credential=self._proven_by(registration.credential),
            authority=registration.authority,
            instance_discovery=False,
            http_client=self._transport,
            token_cache=tokens,
            http_cache={},
        )

    async def _ask(self, call: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(DEADLINE_S):
                return await loop.run_in_executor(self._threads, call)
        except UNREACHED as error:
            raise SourceDown(source="entra", error=type(error).__name__) from error


def _refusal(result: Mapping[str, Any]) -> SignInRefused | SourceDown:
    """Translate Entra's error; its description may name the person, so only the codes are logged."""
    error, codes = str(result.get("error", "")), result.get("error_codes")
    log.log(logging.ERROR if error in NOT_US else logging.WARNING, "entra.refused", extra={"error": error, "codes": codes})
    if error in NOT_NOW | NOT_US:
        return SourceDown(source="entra", error=error)
    if result.get("claims"):
        return ClaimsDemanded(str(result["claims"]), error=error)
    return SignInCancelled(error=error) if error in DENIED else SignInRefused(error=error)
