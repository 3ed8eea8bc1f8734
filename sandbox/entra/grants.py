"""The token endpoint: each grant with its checks."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import jwt
from aiohttp import web

from sandbox.entra.cloud import Entra
from sandbox.entra.errors import EntraError, consent_missing, missing
from sandbox.entra.registry import Client, admitted, authority
from sandbox.entra.tokens import ACCESS_LIFE_S, Asked, client_info
from sandbox.people import PARTNER, DemoPerson

Form = Mapping[str, str]
_EXCHANGE = "api://AzureADTokenExchange"
_OBO = "urn:ietf:params:oauth:grant-type:jwt-bearer"


async def token(entra: Entra, request: web.Request) -> web.Response:
    """Answer ``POST /{tenant}/oauth2/v2.0/token``."""
    form = {name: str(value) for name, value in (await request.post()).items()}
    try:
        answer = _granted(entra, request, form)
    except EntraError as error:
        return web.json_response(error.document(entra.site.clock()), status=error.status, headers={"Cache-Control": "no-store"})
    return web.json_response(answer, headers={"Cache-Control": "no-store"})


def _granted(entra: Entra, request: web.Request, form: Form) -> dict[str, Any]:
    tenant = request.match_info["tenant"]
    grants = {
        "authorization_code": _by_code,
        "refresh_token": _by_refresh_token,
        "client_credentials": _by_secret,
        _OBO: _on_behalf,
    }
    authority(tenant)
    grant = grants.get(_required(form, "grant_type"))
    if grant is None:
        raise EntraError(70003, "unsupported_grant_type", f"The app requested an unsupported grant type '{form['grant_type']}'.")
    return grant(entra, _client(entra, request, form), tenant, form)


def _client(entra: Entra, request: web.Request, form: Form) -> Client:
    """Return the application that asks, once it has proved itself."""
    client_id = form.get("client_id")
    client = entra.clients.get(client_id or "")
    if client is None:
        raise EntraError(700016, "unauthorized_client", f"Application with identifier '{client_id}' was not found in the directory.")
    if _is_proven_by_machine(entra, client, form.get("client_assertion", "")):
        return client
    client.prove(form.get("client_secret"), form.get("client_assertion_type"), form.get("client_assertion"), request.path)
    return client


def _is_proven_by_machine(entra: Entra, client: Client, assertion: str) -> bool:
    """Say whether a managed identity speaks that the application has a federated credential for."""
    try:
        return entra.claims(assertion, _EXCHANGE).get("azp") in client.machines
    except jwt.PyJWTError:
        return False


def _by_code(entra: Entra, client: Client, tenant: str, form: Form) -> dict[str, Any]:
    code, redirect_uri = _required(form, "code"), _required(form, "redirect_uri")
    asked = entra.issued.redeem(code, client.id, redirect_uri, form.get("code_verifier"))
    return _user_tokens(entra, asked, tenant, form)


def _by_refresh_token(entra: Entra, client: Client, tenant: str, form: Form) -> dict[str, Any]:
    asked = entra.issued.refreshed(_required(form, "refresh_token"), client.id)
    return _user_tokens(entra, replace(asked, scope=form.get("scope", asked.scope), nonce=None), tenant, form)


def _by_secret(entra: Entra, client: Client, tenant: str, form: Form) -> dict[str, Any]:
    scope = _required(form, "scope")
    if " " in scope or not scope.endswith("/.default"):
        say = f"The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed."
        raise EntraError(1002012, "invalid_scope", say)
    home = authority(tenant) or PARTNER
    return _lifetimes() | {"access_token": entra.minter.app_token(home, client.id, scope)}


def _on_behalf(entra: Entra, client: Client, tenant: str, form: Form) -> dict[str, Any]:
    if form.get("requested_token_use") != "on_behalf_of":
        raise missing("requested_token_use")
    person = _asserted(entra, client, _required(form, "assertion"))
    asked = Asked(person, client.id, _required(form, "scope"), entra.site.clock())
    return _user_tokens(entra, asked, tenant, form)


def _asserted(entra: Entra, client: Client, assertion: str) -> DemoPerson:
    try:
        claims = entra.claims(assertion, client.id)
    except jwt.InvalidAudienceError as error:
        say = "Assertion audience does not match the Client app presenting the assertion."
        raise EntraError(500131, "invalid_grant", say) from error
    except jwt.ExpiredSignatureError as error:
        raise EntraError(500133, "invalid_grant", "Assertion is not within its valid time range.") from error
    except jwt.PyJWTError as error:
        raise EntraError(50013, "invalid_grant", "Assertion failed signature validation.") from error
    for person in entra.people:
        if person.oid == claims.get("oid") and person.tenant.id == claims.get("tid"):
            return person
    raise EntraError(50013, "invalid_grant", "Assertion is not a token of a user.")


def _user_tokens(entra: Entra, asked: Asked, tenant: str, form: Form) -> dict[str, Any]:
    """Return the tokens for a person, if that person may have them now."""
    entra.check(asked.person)
    if asked.person not in admitted(entra.people, authority(tenant)):
        raise EntraError(50020, "invalid_grant", f"User account '{asked.person.upn}' does not exist in tenant '{tenant}'.")
    if not entra.has_consent(asked.person, asked.client_id):
        raise consent_missing(asked.client_id)
    roles = entra.roles(asked.person)
    answer = _lifetimes() | {"scope": " ".join(each for each in asked.scopes if each != "offline_access")}
    answer["access_token"] = entra.minter.access_token(asked, roles)
    if "offline_access" in asked.scopes:
        answer["refresh_token"] = entra.issued.refresh_token(asked)
    if "openid" in asked.scopes:
        answer["id_token"] = entra.minter.id_token(asked, roles)
    return answer | ({"client_info": client_info(asked.person)} if form.get("client_info") else {})


def _lifetimes() -> dict[str, Any]:
    return {"token_type": "Bearer", "expires_in": ACCESS_LIFE_S, "ext_expires_in": ACCESS_LIFE_S}


def _required(form: Form, name: str) -> str:
    if not form.get(name):
        raise missing(name)
    return form[name]
