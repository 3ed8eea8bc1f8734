"""What a turn costs: on the least possible server, on other SDKs, and here; all in one run, in turns: ``python -m bench.turns --quick``."""

import argparse
import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Final

from bench.clouds import Clouds, clouds
from bench.load import Batch, Turn, batch
from bench.mirror import confirm, mirror
from bench.ours import Details, Leafing, environment, typed
from bench.people import BenchPerson, people
from bench.processes import ROOT, Server, keep_to, postgres_cpu_s, server
from bench.tables import Row, show
from sandbox.world import BOT_APP_ID

FOLDER: Final = ROOT / "var" / "bench"
AT_ONCE: Final = (1, 16, 64)
STEADY: Final = 16
"""At so many questions at once, processor time is measured."""

PEERS: Final = {"botbuilder": "botbuilder, echo", "agents": "Agents SDK, echo", "teams": "Teams SDK, echo"}
OPEN: Final = "open invoices"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured.

    invoices  mirrored
    rounds    each measures everybody once
    batch_s   seconds of a batch
    turns     after which memory is read
    """

    invoices: int
    rounds: int
    batch_s: float
    turns: int


QUICK, FULL = Size(20_000, 2, 0.5, 0), Size(1_000_000, 5, 3.0, 10_000)


@dataclass(frozen=True, slots=True)
class Contender:
    """A server, one question to it, and what its answers cost in each round."""

    name: str
    server: Server
    turn: Turn
    steady: list[Batch] = field(default_factory=list["Batch"])
    postgres_ms: list[float] = field(default_factory=list[float])
    waited_s: dict[int, list[float]] = field(default_factory=dict[int, list[float]])


async def measured(size: Size) -> list[Row]:
    """Return a row for each contender, the floor first."""
    keep_to(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    crowd = people(1000)
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(clouds(FOLDER))
        database = await stack.enter_async_context(mirror(FOLDER / "postgres", size.invoices, crowd))
        found = await stack.enter_async_context(contenders(world, database))
        askers = cycle(crowd)
        for each in found:  # everybody has been met once, every statement prepared
            await batch(each.server, each.turn, askers, at_once=8, seconds=4 * size.batch_s, most=len(crowd))
        for number in range(size.rounds):
            await confirm(database)
            for each in found[number % len(found) :] + found[: number % len(found)]:
                await _round(each, size, askers)
        await confirm(database)
        for each in found:
            left = size.turns - sum(len(one.waited_s) for one in each.steady)
            await batch(each.server, each.turn, askers, at_once=STEADY, seconds=600, most=max(0, left))
        return [_row(each, found[0]) for each in found]


@asynccontextmanager
async def contenders(
    world: Clouds, database: str, *, peers: Mapping[str, str] = PEERS, tool: Sequence[str] = ()
) -> AsyncGenerator[list[Contender]]:
    """Run a server for each, the floor first.

    peers  names of other SDKs, and how they are called
    tool   words of a command that runs the servers in its own way; none: they run by themselves
    """
    async with AsyncExitStack() as stack:

        async def started(name: str, command: Sequence[str], told: dict[str, str], python: Path | str = sys.executable) -> Server:
            program, *words = (*tool, str(python), *command)
            return await stack.enter_async_context(server(name, words, told, program))

        ours = await started("ours", ["app.py", "serve"], environment(world, database))
        first = people(1)[0]
        await world.message(ours.url, first, OPEN)
        card = FOLDER / "card.json"
        card.write_text(json.dumps(json.loads(world.last)["attachments"][0]["content"]))
        told = {"APP_ID": BOT_APP_ID, "BASE": world.address, "KEYS_URL": f"{world.address}/keys", "SECURE": world.secure}
        floor = await started("floor", ["-m", "bench.servers.floor"], {**told, "CARD": str(card)})
        found = [Contender("bare aiohttp: token, card, POST", floor, typed(world, floor.url, OPEN))]
        for peer, title in peers.items():
            python = FOLDER / peer / "bin" / "python"
            if not python.exists():
                print(f"{title}: not installed; run make bench-peers", file=sys.stderr)
                continue
            trusts = _trusts(python, world.certificate)
            echo = await started(peer, ["-m", f"bench.peers.{peer}"], {**told, **trusts}, python)
            found.append(Contender(title, echo, typed(world, echo.url, OPEN)))
            if peer == "botbuilder":
                shows = await started(peer, ["-m", f"bench.peers.{peer}"], {**told, **trusts, "CARD": str(card)}, python)
                found.append(Contender("botbuilder, the same card", shows, typed(world, shows.url, OPEN)))
        yield [
            *found,
            Contender("ours: help", ours, typed(world, ours.url, "help")),
            Contender("ours: open invoices", ours, typed(world, ours.url, OPEN)),
            Contender("ours: next page (Action.Execute)", ours, Leafing(world, ours.url)),
            Contender("ours: details (Action.Execute), Dataverse away", ours, Details(world, ours.url)),
        ]


def _trusts(python: Path, certificate: Path) -> dict[str, str]:
    """Return settings by which an SDK trusts *certificate* besides all that it trusts in the wild: loading those is a part of its cost."""
    known = subprocess.run([python, "-m", "certifi"], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 - our own venv
    bundle = python.parent.parent / "trusted.pem"
    bundle.write_bytes(Path(known).read_bytes() + certificate.read_bytes())
    return {"REQUESTS_CA_BUNDLE": str(bundle.absolute()), "SSL_CERT_FILE": str(bundle.absolute())}


async def _round(each: Contender, size: Size, askers: Iterator[BenchPerson]) -> None:
    for at_once in AT_ONCE:
        spent_s = postgres_cpu_s(FOLDER / "postgres")
        found = await batch(each.server, each.turn, askers, at_once=at_once, seconds=size.batch_s)
        each.waited_s.setdefault(at_once, []).extend(found.waited_s)
        if at_once == STEADY:
            each.steady.append(found)
            each.postgres_ms.append(1000 * (postgres_cpu_s(FOLDER / "postgres") - spent_s) / len(found.waited_s))


def _row(each: Contender, floor: Contender) -> Row:
    ratios = [mine.cpu_ms / least.cpu_ms for mine, least in zip(each.steady, floor.steady, strict=True)]
    row: dict[str, object] = {
        "turn": each.name,
        "cpu, ms": round(median(one.cpu_ms for one in each.steady), 2),
        "x floor": round(median(ratios), 2),
        "postgres cpu, ms": round(median(each.postgres_ms), 2),
    }
    for at_once, waited in each.waited_s.items():
        shown = sorted(waited)
        row[f"p50 at {at_once}, ms"] = round(1000 * shown[len(shown) // 2], 1)
        row[f"p99 at {at_once}, ms"] = round(1000 * shown[min(len(shown) - 1, len(shown) * 99 // 100)], 1)
    return {**row, "RSS, MB": round(each.server.rss_mb)}


def main() -> None:
    """Print a table, and keep it as JSON."""
    parser = argparse.ArgumentParser(prog="bench.turns", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="20,000 mirrored invoices and short batches")
    show("turns", asyncio.run(measured(QUICK if parser.parse_args().quick else FULL)))


if __name__ == "__main__":
    main()
