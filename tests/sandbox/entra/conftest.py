"""Fixtures: an application and its callback address."""

from collections.abc import AsyncGenerator
from urllib.parse import urlencode

import pytest
from aiohttp import web

from sandbox.world import World
from tests.sandbox.entra.application import Application


@pytest.fixture
async def callback() -> AsyncGenerator[str]:
    """Run an application's callback address, which shows what it was given."""

    async def handle(request: web.Request) -> web.Response:
        given = dict(request.query) | {name: str(value) for name, value in (await request.post()).items()}
        return web.Response(text=urlencode(given))

    app = web.Application()
    app.router.add_route("*", "/auth/callback", handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/auth/callback"
    await runner.cleanup()


@pytest.fixture
def application(world: World, callback: str) -> Application:
    """Return the bot's application."""
    return Application(world, callback)
