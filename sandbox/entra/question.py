"""What an application asks of the authorize endpoint, and what is wrong with it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.entra.cloud import Entra
from sandbox.entra.errors import EntraError, missing
from sandbox.entra.registry import Client, authority
from sandbox.people import DemoTenant
from sandbox.tree import Json, part

_MODES = ("query", "fragment", "form_post")
_PROMPTS = ("", "none", "login", "select_account", "consent")


@dataclass(frozen=True, slots=True)
class Question:
    """An application's request to sign somebody in; its redirect address is known to be its own.

    tenant  whose people may answer; None: everybody
    query   the parameters as they came
    """

    client: Client
    tenant: DemoTenant | None
    query: Mapping[str, str]

    @property
    def prompt(self) -> str:
        """How to treat somebody who is signed in already."""
        return self.query.get("prompt", "")

    @property
    def mode(self) -> str:
        """How the answer travels."""
        return self.query.get("response_mode", "query")

    @property
    def redirect_uri(self) -> str:
        """Where the answer goes."""
        return self.query["redirect_uri"]

    @property
    def claims(self) -> Json:
        """The claims request: by kind of token, then by claim. Raises EntraError."""
        try:
            return part(json.loads(self.query.get("claims") or "{}"))
        except ValueError as error:
            raise EntraError(900236, "invalid_request", "The 'claims' parameter is not valid JSON.") from error

    @property
    def context(self) -> tuple[str, ...]:
        """The authentication contexts that the application demands (``acrs``)."""
        demands = [part(token, "acrs") for token in self.claims.values()]
        return tuple(str(value) for each in demands for value in [*each.get("values", ()), each.get("value")] if value)

    def check(self) -> None:
        """Raise EntraError for what the application itself must be told."""
        if self.query.get("response_type") != "code":
            raise EntraError(700054, "unsupported_response_type", "Only response_type 'code' is enabled for the application.")
        if not self.query.get("scope"):
            raise missing("scope")
        if self.prompt not in _PROMPTS:
            raise EntraError(90023, "invalid_request", f"Unsupported 'prompt' value '{self.prompt}'.")
        if self.query.get("code_challenge") and self.query.get("code_challenge_method") != "S256":
            raise EntraError(501491, "invalid_request", "The code_challenge_method must be 'S256'.")
        _ = self.claims


def question(entra: Entra, tenant: str, query: Mapping[str, str]) -> Question:
    """Return the request, if its answer can safely be sent to its redirect address.

    Raises EntraError, to be shown to the person and not sent anywhere.
    """
    found = authority(tenant)
    client_id, redirect_uri = query.get("client_id", ""), query.get("redirect_uri", "")
    client = entra.clients.get(client_id)
    if client is None:
        raise EntraError(700016, "unauthorized_client", f"Application with identifier '{client_id}' was not found in the directory.")
    if not client.accepts_redirect(redirect_uri):
        say = f"The redirect URI '{redirect_uri}' specified in the request does not match the redirect URIs configured for the application."
        raise EntraError(50011, "invalid_request", say)
    if query.get("response_mode", "query") not in _MODES:
        raise EntraError(70007, "invalid_request", "Unsupported 'response_mode' value.")
    return Question(client, found, query)
