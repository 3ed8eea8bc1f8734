"""The least that an answer can cost: aiohttp, the token's check by PyJWT, and one POST of a card."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import aiohttp
import jwt
from aiohttp import web

APP_ID, CARD = os.environ["APP_ID"], json.loads(Path(os.environ["CARD"]).read_text())


async def main() -> None:
    """Serve until killed."""
    async with aiohttp.ClientSession() as http:
        async with http.get(os.environ["KEYS_URL"]) as answer:
            keys = {each["kid"]: jwt.PyJWK({**each, "alg": "RS256"}) for each in (await answer.json())["keys"]}

        async def handle(request: web.Request) -> web.Response:
            token = request.headers["Authorization"].removeprefix("Bearer ")
            key = keys[jwt.get_unverified_header(token)["kid"]]
            jwt.decode(token, key, algorithms=["RS256"], audience=APP_ID, issuer="https://api.botframework.com")
            await _answer(http, await request.json())
            return web.Response(status=202)

        app = web.Application()
        app.add_routes([web.post("/api/messages", handle)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(os.environ["PORT"])).start()
        await asyncio.Event().wait()


async def _answer(http: aiohttp.ClientSession, activity: dict[str, Any]) -> None:
    url = f"{activity['serviceUrl']}v3/conversations/{activity['conversation']['id']}/activities"
    reply = {
        "type": "message",
        "from": activity["recipient"],
        "recipient": activity["from"],
        "conversation": activity["conversation"],
        "replyToId": activity["id"],
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}],
    }
    headers = {"Authorization": f"Bearer {'x' * 1200}", "Content-Type": "application/json"}
    async with http.post(url, data=json.dumps(reply), headers=headers) as answer:
        await answer.read()


if __name__ == "__main__":
    asyncio.run(main())
