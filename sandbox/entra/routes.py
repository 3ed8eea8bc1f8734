"""The addresses of Entra: metadata, keys, sign-in, tokens."""

from typing import Any

from aiohttp import web

from sandbox.entra import grants, machine
from sandbox.entra.authorize import SignIn
from sandbox.entra.cloud import Entra
from sandbox.entra.errors import EntraError
from sandbox.entra.pages import STATIC, Pages
from sandbox.entra.registry import authority

_TENANT = "{tenant:[0-9A-Za-z.-]+}"


def routes(entra: Entra) -> list[web.AbstractRouteDef]:
    """Return the routes, at the root of the site as at Entra."""
    sign_in = SignIn(entra, Pages())

    async def handle_metadata(request: web.Request) -> web.Response:
        try:
            return web.json_response(metadata(entra, request.match_info["tenant"]))
        except EntraError as error:
            return web.json_response(error.document(entra.site.clock()), status=error.status)

    async def handle_keys(request: web.Request) -> web.Response:
        return web.json_response(entra.keys.document(issuer=_issuer(entra, request.match_info["tenant"])))

    async def handle_token(request: web.Request) -> web.Response:
        return await grants.token(entra, request)

    return [
        web.static("/assets/entra", STATIC),
        machine.route(entra),
        web.get(f"/{_TENANT}/v2.0/.well-known/openid-configuration", handle_metadata),
        web.get(f"/{_TENANT}/discovery/v2.0/keys", handle_keys),
        web.get(f"/{_TENANT}/oauth2/v2.0/authorize", sign_in.handle_authorize),
        web.post(f"/{_TENANT}/pick", sign_in.handle_pick),
        web.post(f"/{_TENANT}/oauth2/v2.0/token", handle_token),
        web.get(f"/{_TENANT}/oauth2/v2.0/logout", sign_in.handle_sign_out),
    ]


def metadata(entra: Entra, tenant: str) -> dict[str, Any]:
    """Return the OpenID configuration of an authority.

    Raises EntraError for an unknown tenant.
    """
    base = f"{entra.site.base_url}/{tenant}"
    return {
        "issuer": _issuer(entra, tenant),
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "token_endpoint": f"{base}/oauth2/v2.0/token",
        "end_session_endpoint": f"{base}/oauth2/v2.0/logout",
        "jwks_uri": f"{base}/discovery/v2.0/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "response_types_supported": ["code"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        "code_challenge_methods_supported": ["S256"],
    }


def _issuer(entra: Entra, tenant: str) -> str:
    """Return the issuer of a tenant, or the template that stands for all of them."""
    found = authority(tenant)
    return entra.minter.issuer(found.id if found else "{tenantid}")
