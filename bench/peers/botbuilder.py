"""botbuilder-integration-aiohttp, as its echo sample does it; with CARD set, it answers with that card."""

import json
import os
from pathlib import Path

from aiohttp import web
from botbuilder.core import ActivityHandler, CardFactory, MessageFactory, TurnContext
from botbuilder.core.integration import aiohttp_error_middleware
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication

KEYS = f"{os.environ['BASE']}/botframework/v1/.well-known/openidconfiguration"


class Config:
    """The sample's configuration, with the addresses of a private cloud. A login address ends in ``adfs`` there: MSAL insists."""

    PORT = int(os.environ["PORT"])
    APP_ID = os.environ["APP_ID"]
    APP_PASSWORD = "local-secret"  # noqa: S105 - opens nothing
    APP_TYPE = "MultiTenant"
    TO_BOT_FROM_CHANNEL_TOKEN_ISSUER = "https://api.botframework.com"  # noqa: S105
    TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL = TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL = KEYS
    TO_CHANNEL_FROM_BOT_OAUTH_SCOPE = "https://api.botframework.com"
    TO_CHANNEL_FROM_BOT_LOGIN_URL = f"{os.environ['SECURE']}/adfs"
    OAUTH_URL = os.environ["BASE"]


class Bot(ActivityHandler):
    """Says what it is told, or shows the card."""

    def __init__(self) -> None:
        path = os.environ.get("CARD")
        self._card = json.loads(Path(path).read_text()) if path else None

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """Answer."""
        if self._card:
            await turn_context.send_activity(MessageFactory.attachment(CardFactory.adaptive_card(self._card)))
        else:
            await turn_context.send_activity(MessageFactory.text(f"Echo: {turn_context.activity.text}"))


ADAPTER, BOT = CloudAdapter(ConfigurationBotFrameworkAuthentication(Config())), Bot()


async def messages(request: web.Request) -> web.Response:
    """Handle the endpoint."""
    return await ADAPTER.process(request, BOT)


APP = web.Application(middlewares=[aiohttp_error_middleware])
APP.router.add_post("/api/messages", messages)

if __name__ == "__main__":
    web.run_app(APP, host="127.0.0.1", port=Config.PORT, access_log=None)
