"""Run the sandbox: the clouds alone, or with ``--bot`` the bot beside them."""

import argparse
import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout

from sandbox.demo import fill
from sandbox.server import bot_environment, serving
from sandbox.world import World

_ROOT = Path(__file__).parent.parent
_SANDBOX_PORT, _BOT_PORT = 3979, 3978
_STOPS_WITHIN_S = 30.0
_TRY_AGAIN_S = 0.1

Stop = asyncio.Future[signal.Signals]
"""Set by the signal that ends the sandbox."""


def main() -> int:
    """Run until Ctrl-C, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="Local stand-ins for Entra, Teams and Work 365.")
    parser.add_argument("--port", type=int, default=os.environ.get("SANDBOX_PORT") or _SANDBOX_PORT, help="default %(default)s")
    parser.add_argument("--bot", action="store_true", help="run the bot as well")
    given = parser.parse_args()
    try:
        return asyncio.run(_run(given.port, with_bot=given.bot))
    except OSError as error:
        print(f"The sandbox cannot start: {error}", file=sys.stderr)
        return 1


async def _run(port: int, *, with_bot: bool) -> int:
    world = World()
    stop = _stop()
    _refuse_taken("127.0.0.1", port, "SANDBOX_PORT")
    async with serving(world, port):
        fill(world)
        world.nobody_has_consented()
        if with_bot:
            return await _with_bot(world, stop)
        print(f"Sandbox  {world.base_url}", flush=True)
        await stop
        return 0


async def _with_bot(world: World, stop: Stop) -> int:
    """Run the bot until it ends or *stop* is set, and return the exit status."""
    host, port = os.environ.get("HOST") or "127.0.0.1", int(os.environ.get("PORT") or _BOT_PORT)
    _refuse_taken(host, port, "PORT")
    world.bot_url = f"http://{host}:{port}/api/messages"
    settings = bot_environment(world, port) | os.environ
    bot = await asyncio.create_subprocess_exec(sys.executable, "app.py", "serve", cwd=_ROOT, env=settings, start_new_session=True)
    ended, ready = asyncio.create_task(bot.wait()), asyncio.create_task(_answers(f"http://{host}:{port}/livez"))
    try:
        await asyncio.wait((ended, stop, ready), return_when=asyncio.FIRST_COMPLETED)
        if ready.done():
            print(f"\n  Chat     {world.base_url}/\n  Bot      {settings['PUBLIC_URL']}\n  Ctrl-C stops both.\n", flush=True)
            await asyncio.wait((ended, stop), return_when=asyncio.FIRST_COMPLETED)
    finally:
        ready.cancel()
        await _end(bot, stop)
    if stop.done():
        return 0
    print(f"The bot has ended by itself, with status {bot.returncode}; it says above why.", file=sys.stderr)
    return max(bot.returncode or 1, 1)


async def _answers(url: str) -> None:
    """Return once *url* answers 200."""
    async with ClientSession(timeout=ClientTimeout(total=1)) as session:
        while True:
            try:
                async with session.get(url) as response:
                    if response.ok:
                        return
            except (ClientError, TimeoutError):
                pass
            await asyncio.sleep(_TRY_AGAIN_S)


async def _end(bot: Process, stop: Stop) -> None:
    """Hand the signal on, and make sure that the bot is gone."""
    if bot.returncode is None:
        bot.send_signal(stop.result() if stop.done() else signal.SIGTERM)
    try:
        await asyncio.wait_for(bot.wait(), _STOPS_WITHIN_S)
    except TimeoutError:
        bot.kill()
        await bot.wait()


def _stop() -> Stop:
    """Return what SIGINT and SIGTERM set; a second signal changes nothing."""
    loop = asyncio.get_running_loop()
    stop: Stop = loop.create_future()

    def arrived(number: signal.Signals) -> None:
        if not stop.done():
            stop.set_result(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, arrived, number)
    return stop


def _refuse_taken(host: str, port: int, setting: str) -> None:
    """Raise OSError, with the way out, where somebody listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise OSError(f"port {port} on {host} is not free ({error.strerror}); choose another with {setting}") from error


if __name__ == "__main__":
    sys.exit(main())
