"""microsoft-teams-apps, as its echo sample does it; it never has to fetch a token, and writes no access log."""

import asyncio
import os
from dataclasses import replace
from time import time

import jwt
import uvicorn
from microsoft_teams.api import MessageActivity
from microsoft_teams.api.auth.cloud_environment import PUBLIC
from microsoft_teams.apps import ActivityContext, App
from microsoft_teams.apps.http import FastAPIAdapter

TOKEN = jwt.encode({"exp": int(time()) + 86_400, "pad": "x" * 800}, "x" * 32)
CLOUD = replace(PUBLIC, openid_metadata_url=f"{os.environ['BASE']}/botframework/v1/.well-known/openidconfiguration")
PORT = int(os.environ["PORT"])
ADAPTER = FastAPIAdapter(server_factory=lambda app: uvicorn.Server(uvicorn.Config(app, "127.0.0.1", PORT, log_level="warning")))
APP = App(client_id=os.environ["APP_ID"], tenant_id="adfs", cloud=CLOUD, token=lambda _scope, _tenant: TOKEN, http_server_adapter=ADAPTER)


@APP.on_message
async def on_message(ctx: ActivityContext[MessageActivity]) -> None:
    """Say what was said."""
    await ctx.send(f"Echo: {ctx.activity.text}")


if __name__ == "__main__":
    asyncio.run(APP.start(PORT))
