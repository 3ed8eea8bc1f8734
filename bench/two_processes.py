"""``serve`` once and twice behind a proxy, on one PostgreSQL: ``python -m bench.two_processes``.

Every message is delivered twice at the same moment, so that with two processes each of them gets it.
"""

import argparse
import asyncio
import shutil
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import cycle
from textwrap import dedent
from time import perf_counter
from urllib.parse import urlsplit

from bench.clouds import clouds
from bench.ledger import LedgerClouds, quantile_ms
from bench.mirror import mirror
from bench.ours import environment
from bench.people import people
from bench.processes import Server, server
from bench.tables import Row, show
from bench.turns import FOLDER, OPEN
from tests.ports import free_port

AT_ONCE = 16
SETTLES_WITHIN_S = 60.0


async def measured(messages: int) -> list[Row]:
    """Return a row for one process and one for two."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with clouds(FOLDER, LedgerClouds) as world, mirror(FOLDER / "postgres", 20_000, people(1000)) as database:
        return [await _behind_a_proxy(world, database, processes, messages) for processes in (1, 2)]


async def _behind_a_proxy(world: LedgerClouds, database: str, processes: int, messages: int) -> Row:
    async with AsyncExitStack() as stack:
        told = environment(world, database)
        bots = [
            await stack.enter_async_context(server(f"ours {core}", ["app.py", "serve"], told, core=core % 2)) for core in range(processes)
        ]
        url, kind = await stack.enter_async_context(_proxy(bots))
        world.ledger = {}
        askers, began = cycle(people(1000)), perf_counter()

        async def ask() -> None:
            while len(world.ledger) < messages:
                await world.ask(url, next(askers), OPEN, times=2)

        await asyncio.gather(*(ask() for _ in range(AT_ONCE)))
        await world.settled(SETTLES_WITHIN_S)
        took = perf_counter() - began
    found = list(world.ledger.values())
    return {
        "processes": processes,
        "proxy": kind,
        "messages": len(found),
        "deliveries": 2 * len(found),
        "lost": sum(each.is_accepted and not each.answers for each in found),
        "turned away": sum(not each.is_accepted for each in found),
        "answered twice": sum(len(each.answers) > 1 for each in found),
        "a second": round(len(found) / took, 1),
        "p50, ms": quantile_ms([each.answers[0] for each in found if each.answers], 0.5),
        "p99, ms": quantile_ms([each.answers[0] for each in found if each.answers], 0.99),
    }


@asynccontextmanager
async def _proxy(bots: Sequence[Server]) -> AsyncGenerator[tuple[str, str]]:
    """Run nginx, or our stand-in where there is none; return the messaging address and which of them it is."""
    targets = [urlsplit(bot.url).netloc for bot in bots]
    if shutil.which("nginx"):
        async with _nginx(targets) as url:
            yield url, "nginx"
    else:
        told = {"TARGETS": ",".join(f"http://{each}" for each in targets)}
        async with server("proxy", ["-m", "bench.servers.proxy"], told, core=1) as proxy:
            yield proxy.url, "aiohttp"


@asynccontextmanager
async def _nginx(targets: Sequence[str]) -> AsyncGenerator[str]:
    port, configuration = free_port(), FOLDER / "nginx.conf"
    configuration.write_text(
        dedent(
            f"""
            daemon off; pid {FOLDER}/nginx.pid; error_log stderr;
            events {{ worker_connections 1024; }}
            http {{
                access_log off; client_body_temp_path {FOLDER}/nginx-body;
                upstream bots {{ {" ".join(f"server {each};" for each in targets)} keepalive 64; }}
                server {{
                    listen 127.0.0.1:{port};
                    location / {{ proxy_pass http://bots; proxy_http_version 1.1; proxy_set_header Connection ""; }}
                }}
            }}
            """
        )
    )
    process = await asyncio.create_subprocess_exec("nginx", "-c", str(configuration))
    try:
        await asyncio.sleep(1)
        yield f"http://127.0.0.1:{port}/api/messages"
    finally:
        process.terminate()
        await process.wait()


def main() -> None:
    """Print a table, and keep it as JSON."""
    parser = argparse.ArgumentParser(prog="bench.two_processes", description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    show("two_processes", asyncio.run(measured(parser.parse_args().messages)))


if __name__ == "__main__":
    main()
