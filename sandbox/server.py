"""One web server with all the clouds, on loopback alone."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from ipaddress import ip_address

from aiohttp import web

from sandbox.chat.routes import routes as chat_routes
from sandbox.connector.routes import Rest, metadata_routes
from sandbox.dataverse import routes as dataverse_routes
from sandbox.entra.routes import routes as entra_routes
from sandbox.faults import misbehaving
from sandbox.payment import routes as payment_routes
from sandbox.people import PARTNER
from sandbox.world import BOT_APP_ID, BOT_SECRET, DATAVERSE_CLIENT_ID, DATAVERSE_SECRET, World

_LONGEST_LINE = 32_768
"""Bytes of an address, which is what Dataverse accepts: a filter may name many ids."""


def application(world: World) -> web.Application:
    """Return the clouds as one web application."""
    app = web.Application(middlewares=[misbehaving(world.faults)])
    app.add_routes(metadata_routes(world.teams))
    app.add_routes(Rest(world.teams).routes())
    app.add_routes(dataverse_routes(world))
    app.add_routes(payment_routes(world))
    app.add_routes(chat_routes(world.teams))
    app.add_routes(entra_routes(world.entra))

    async def close(_app: web.Application) -> None:
        await world.teams.close()

    app.on_shutdown.append(close)
    return app


@asynccontextmanager
async def serving(world: World, port: int = 0, host: str = "127.0.0.1") -> AsyncGenerator[None]:
    """Serve the clouds, on a free port unless told which; ``world.base_url`` says where.

    Raises ValueError for an address that other machines can reach, OSError where the port is taken.
    """
    if not ip_address(host).is_loopback:
        message = f"The sandbox has no secrets: it listens on a loopback address only, not on {host}"
        raise ValueError(message)
    runner = web.AppRunner(
        application(world), access_log=None, shutdown_timeout=0.1, max_line_size=_LONGEST_LINE, max_field_size=_LONGEST_LINE
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        world.base_url = f"http://{_netloc(*runner.addresses[0][:2])}"
        yield
    finally:
        await runner.cleanup()


def _netloc(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def bot_environment(world: World, bot_port: int) -> dict[str, str]:
    """Return the settings with which the bot lives in *world*."""
    return {
        "SANDBOX_URL": world.base_url,
        "PUBLIC_URL": f"http://localhost:{bot_port}",
        "PORT": str(bot_port),
        "MicrosoftAppId": BOT_APP_ID,
        "ENTRA_CLIENT_ID": BOT_APP_ID,
        "ENTRA_CLIENT_SECRET": BOT_SECRET,
        "DATAVERSE_URL": world.dataverse_url,
        "DATAVERSE_TENANT_ID": PARTNER.id,
        "DATAVERSE_CLIENT_ID": DATAVERSE_CLIENT_ID,
        "DATAVERSE_CLIENT_SECRET": DATAVERSE_SECRET,
        "PAY_LINK_HOSTS": "127.0.0.1",
    }
