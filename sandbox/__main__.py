"""Run the sandbox: the clouds alone, or with ``--bot`` the bot beside them."""

import argparse
import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from aiohttp import ClientError, ClientSession, ClientTimeout

from sandbox.companion import companion
from sandbox.demo import fill
from sandbox.server import bot_environment, serving
from sandbox.world import World

_SANDBOX_PORT, _BOT_PORT = 3979, 3978
_HIGHEST_PORT = 65535
_READY_WITHIN_S = 60.0
_TRY_AGAIN_S = 0.1

Stop = asyncio.Future[None]
"""Done once a signal has told the sandbox to end."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen; ``setting`` is what to change where somebody else does."""

    host: str
    port: int
    setting: str

    @property
    def url(self) -> str:
        """The address, without a slash at the end."""
        return f"http://{self.host}:{self.port}"


def main() -> int:
    """Run until Ctrl-C, and return the exit status."""
    given = _arguments()
    clouds = Place("127.0.0.1", given.port, "SANDBOX_PORT")
    bot = Place(os.environ.get("HOST") or "127.0.0.1", given.bot_port, "PORT") if given.bot else None
    try:
        return asyncio.run(_run(clouds, bot))
    except OSError as error:
        print(f"The sandbox cannot start: {error}", file=sys.stderr)
        return 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="Local stand-ins for Entra, Teams and Work 365.")
    parser.add_argument("--bot", action="store_true", help="run the bot as well")
    port, bot_port = os.environ.get("SANDBOX_PORT") or _SANDBOX_PORT, os.environ.get("PORT") or _BOT_PORT
    parser.add_argument("--port", type=_port, default=port, help="of the sandbox; SANDBOX_PORT, or %(default)s")
    parser.add_argument("--bot-port", type=_port, default=bot_port, help="of the bot; PORT, or %(default)s")
    return parser.parse_args()


def _port(typed: str) -> int:
    if typed.isdecimal() and int(typed) <= _HIGHEST_PORT:
        return int(typed)
    raise argparse.ArgumentTypeError(f"{typed!r} is not a port")


async def _run(clouds: Place, bot: Place | None) -> int:
    stop = _stop()
    for place in filter(None, (clouds, bot)):
        _refuse_taken(place)
    world = World()
    async with serving(world, clouds.port):
        fill(world)
        world.nobody_has_consented()
        if bot:
            return await _with_bot(world, bot, stop)
        print(f"Sandbox  {world.base_url}", flush=True)
        await stop
        return 0


async def _with_bot(world: World, place: Place, stop: Stop) -> int:
    """Run the bot until it ends or *stop* is set, and return the exit status."""
    world.bot_url = f"{place.url}/api/messages"
    settings = bot_environment(world, place.port) | os.environ
    var = Path(settings.get("VAR_DIR") or "var")
    log = var / "bot.log"
    async with companion(settings, log) as bot:
        ended = asyncio.create_task(bot.wait())
        ready = asyncio.create_task(_is_ready(place))
        await asyncio.wait((ended, stop, ready), return_when=asyncio.FIRST_COMPLETED)
        if not ended.done() and not stop.done():
            told = _written(bot_environment(world, place.port) | {"VAR_DIR": str(var)}, var / "sandbox.env")
            _introduce(world, settings["PUBLIC_URL"], log, told, is_ready=ready.result())
            await asyncio.wait((ended, stop), return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
    return 0 if stop.done() else _explain(bot)


def _written(settings: Mapping[str, str], path: Path) -> Path:
    """Write settings such that a shell can take them over, for the operator's commands, and return where."""
    path.write_text("".join(f"export {name}={quote(value)}\n" for name, value in settings.items()), "utf-8")
    return path


def _introduce(world: World, bot_url: str, log: Path, told: Path, *, is_ready: bool) -> None:
    command = f". {quote(str(told))} && .venv/bin/python app.py check"
    where = {"Chat": f"{world.base_url}/", "Bot": f"{bot_url}/readyz", "Log": str(log), "Try": command}
    print("", *(f"  {name:6} {each}" for name, each in where.items()), "", "  Ctrl-C ends all of it.", sep="\n", flush=True)
    if not is_ready:
        print("The bot has no invoices yet; its log says why.", file=sys.stderr)


def _explain(bot: Process) -> int:
    print(f"The bot has ended by itself, with status {bot.returncode}; it says above why.", file=sys.stderr)
    return max(bot.returncode or 1, 1)


async def _is_ready(place: Place) -> bool:
    """Wait until the bot has read Work 365 and can answer people; False where that takes too long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_READY_WITHIN_S), ClientSession(timeout=ClientTimeout(total=1)) as session:
            while True:
                with suppress(ClientError, TimeoutError):
                    async with session.get(f"{place.url}/readyz") as response:
                        if response.ok:
                            return True
                await asyncio.sleep(_TRY_AGAIN_S)
    return False


def _stop() -> Stop:
    """Return what Ctrl-C, a closed terminal and SIGTERM set; a second signal changes nothing."""
    loop = asyncio.get_running_loop()
    stop: Stop = loop.create_future()

    def arrived() -> None:
        if not stop.done():
            stop.set_result(None)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, arrived)
    return stop


def _refuse_taken(place: Place) -> None:
    """Raise OSError, with the way out, where somebody listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((place.host, place.port))
        except OSError as error:
            why = f"port {place.port} on {place.host} is not free ({error.strerror}); choose another with {place.setting}"
            raise OSError(why) from error


if __name__ == "__main__":
    sys.exit(main())
