"""How fast usage is sent, beside writing the same rows into memory, and what 50 slow readers cost: ``python -m bench.usage_csv``.

The ratio is of processor seconds, so that whoever else uses the machine does not count; both sides make the rows anew.
"""

import argparse
import asyncio
import csv
import io
import sys
from time import perf_counter, process_time
from uuid import UUID

import aiohttp

from bench.processes import Server, server
from bench.servers.usage import PAGE, page_of_rows
from bench.tables import Row, show
from pages.tables import usage_cells

_BILL = UUID(int=2)
_SLOW = 50
_SLOW_BYTES_PER_S = 20_000
_SLOW_FOR_S = 10.0


def from_memory(rows: int) -> float:
    """Return the seconds that the csv module takes to write *rows* rows, made as the server makes them, into memory."""
    s = process_time()
    for first in range(0, rows, PAGE):
        page = io.StringIO(newline="")
        csv.writer(page).writerows(map(usage_cells, page_of_rows(first)))
        page.getvalue().encode()
    return process_time() - s


async def measured(rows: int) -> list[Row]:
    """Return one row for a fast reader, and one for 50 slow ones."""
    async with server("usage", ["-m", "bench.servers.usage"], {"ROWS": str(rows)}, core=1) as usage, aiohttp.ClientSession() as http:
        root = usage.url.removesuffix("/api/messages")
        ready, work365 = f"{root}/usage/{_BILL}", f"{root}/work365/{_BILL}"
        for address in (ready, work365):
            await _read(http, usage, f"{address}?who=0", most=1)
        fast = await _fast(http, usage, ready, rows)
        slow = await _slow(usage, work365)
    return [fast, slow]


async def _fast(http: aiohttp.ClientSession, usage: Server, address: str, rows: int) -> Row:
    rss_mb, cpu_s = usage.rss_mb, usage.cpu_s
    first_s, whole_s, size, peak_mb = await _read(http, usage, address)
    spent_s, memory_s = usage.cpu_s - cpu_s, from_memory(rows)
    return {
        "readers": 1,
        "rows": rows,
        "mb": round(size / 2**20),
        "first_byte_s": round(first_s, 3),
        "s": round(whole_s, 1),
        "cpu_s": round(spent_s, 1),
        "from_memory_s": round(memory_s, 1),
        "ratio": round(memory_s / spent_s, 2),
        "rss_grew_mb": round(peak_mb - rss_mb),
    }


async def _read(http: aiohttp.ClientSession, usage: Server, address: str, most: int = sys.maxsize) -> tuple[float, float, int, float]:
    """Read a file, or its first bytes; return seconds to its first and its last byte, its size, and the server's peak in MB."""
    began, size, first_s, peak_mb = perf_counter(), 0, 0.0, 0.0
    async with http.get(address) as response:
        async for chunk in response.content.iter_any():
            first_s = first_s or perf_counter() - began
            if size % 2**22 > (size + len(chunk)) % 2**22:
                peak_mb = max(peak_mb, usage.rss_mb)
            size += len(chunk)
            if size >= most:
                response.close()
                break
    return first_s, perf_counter() - began, size, max(peak_mb, usage.rss_mb)


async def _slow(usage: Server, address: str) -> Row:
    rss_mb, cpu_s = usage.rss_mb, usage.cpu_s
    readers = [asyncio.create_task(_drip(f"{address}?who={number}")) for number in range(1, _SLOW + 1)]
    peak_mb = 0.0
    until = perf_counter() + _SLOW_FOR_S
    while perf_counter() < until:
        await asyncio.sleep(0.1)
        peak_mb = max(peak_mb, usage.rss_mb)
    for reader in readers:
        reader.cancel()
    firsts = [found for found in await asyncio.gather(*readers, return_exceptions=True) if isinstance(found, float)]
    return {
        "readers": _SLOW,
        "first_byte_s": round(max(firsts), 3),
        "s": _SLOW_FOR_S,
        "cpu_s": round(usage.cpu_s - cpu_s, 1),
        "rss_grew_mb": round(peak_mb - rss_mb),
    }


async def _drip(address: str) -> float:
    """Read as slowly as a bad connection until cancelled; return the seconds to the first byte."""
    began = perf_counter()
    async with aiohttp.ClientSession(read_bufsize=2**14) as http, http.get(address) as response:
        await response.content.readexactly(1)
        first_s = perf_counter() - began
        try:
            async for _ in response.content.iter_chunked(_SLOW_BYTES_PER_S // 10):
                await asyncio.sleep(0.1)
        except asyncio.CancelledError:
            response.close()
    return first_s


def main() -> None:
    """Print a table, and keep it as JSON."""
    parser = argparse.ArgumentParser(prog="bench.usage_csv", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    show("usage_csv", asyncio.run(measured(parser.parse_args().rows)))


if __name__ == "__main__":
    main()
