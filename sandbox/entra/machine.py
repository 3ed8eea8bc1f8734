"""The managed identity of a machine, as App Service offers it: tokens for whoever runs there, and knows its header."""

from aiohttp import web

from sandbox.entra.cloud import Entra
from sandbox.entra.tokens import ACCESS_LIFE_S
from sandbox.people import PARTNER

HEADER = "sandbox-machine-header"
"""What the machine's environment holds as ``IDENTITY_HEADER``, and sends along as ``X-IDENTITY-HEADER``."""

PATH = "/machine/token"
"""Where ``IDENTITY_ENDPOINT`` leads."""


def route(entra: Entra) -> web.RouteDef:
    """Return the endpoint."""

    async def handle(request: web.Request) -> web.Response:
        client_id, resource = request.query.get("client_id", ""), request.query.get("resource", "")
        if request.headers.get("X-IDENTITY-HEADER") != HEADER:
            return web.json_response({"statusCode": 401, "message": "Unauthorized"}, status=401)
        if client_id not in entra.machines or not resource:
            return web.json_response({"statusCode": 400, "message": "No User Assigned Managed Identity found"}, status=400)
        token = entra.minter.app_token(PARTNER, client_id, f"{resource}/.default")
        expires = int(entra.site.clock().timestamp()) + ACCESS_LIFE_S
        return web.json_response(
            {"access_token": token, "expires_on": str(expires), "resource": resource, "token_type": "Bearer", "client_id": client_id}
        )

    return web.get(PATH, handle)
