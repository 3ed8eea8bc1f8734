"""Passes every request on to the next of several servers (TARGETS, separated by commas): stands in for nginx where there is none."""

import asyncio
import os
from itertools import cycle

import aiohttp
from aiohttp import web

PASSED_ON = ("Authorization", "Content-Type", "x-ms-tenant-id")


async def main() -> None:
    """Serve until killed."""
    targets = cycle(os.environ["TARGETS"].split(","))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:

        async def handle(request: web.Request) -> web.Response:
            headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
            async with http.request(request.method, next(targets) + request.path, data=await request.read(), headers=headers) as answer:
                return web.Response(status=answer.status, body=await answer.read(), content_type=answer.content_type)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handle)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(os.environ["PORT"])).start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
