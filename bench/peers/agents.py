"""microsoft-agents-hosting-aiohttp, as its echo sample does it."""

import os

from aiohttp import web
from microsoft_agents.authentication.msal import MsalConnectionManager
from microsoft_agents.hosting.aiohttp import CloudAdapter, jwt_authorization_middleware, start_agent_process
from microsoft_agents.hosting.core import AgentApplication, AgentAuthConfiguration, Authorization, MemoryStorage, TurnContext, TurnState
from microsoft_agents.hosting.core.authorization import _entra_issuers

_entra_issuers.BOTFRAMEWORK_JWKS_URIS["https://api.botframework.com"] = f"{os.environ['BASE']}/keys"

CONFIGURATION = AgentAuthConfiguration(
    client_id=os.environ["APP_ID"],
    tenant_id="adfs",
    client_secret="local-secret",  # noqa: S106 - opens nothing
    authority=f"{os.environ['SECURE']}/adfs",
)
CONNECTIONS = MsalConnectionManager(connections_configurations={"SERVICE_CONNECTION": CONFIGURATION})
STORAGE, ADAPTER = MemoryStorage(), CloudAdapter(connection_manager=CONNECTIONS)
AGENT = AgentApplication[TurnState](storage=STORAGE, adapter=ADAPTER, authorization=Authorization(STORAGE, CONNECTIONS))


@AGENT.activity("message")
async def on_message(context: TurnContext, _: TurnState) -> None:
    """Say what was said."""
    await context.send_activity(f"Echo: {context.activity.text}")


async def messages(request: web.Request) -> web.Response | None:
    """Handle the endpoint."""
    return await start_agent_process(request, AGENT, ADAPTER)


APP = web.Application(middlewares=[jwt_authorization_middleware])
APP.router.add_post("/api/messages", messages)
APP["agent_configuration"] = CONNECTIONS.get_default_connection_configuration()
APP["agent_app"] = AGENT
APP["adapter"] = ADAPTER

if __name__ == "__main__":
    web.run_app(APP, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=None)
