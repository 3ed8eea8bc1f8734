"""Ports to listen on soon, which nobody else takes meanwhile."""

import os
import random
from collections.abc import Iterator
from functools import cache
from itertools import cycle
from socket import socket
from typing import Final

LENT: Final = range(12_000, 32_000)
"""Below what Linux and macOS give to whoever connects (32768 and 49152 up): there a connection may take what was free a moment ago."""

WORKERS: Final = 16


def free_port() -> int:
    """Return a port on which nobody listens: another one at every call, and in every worker of a test run."""
    return next(port for port in _mine() if _is_free(port))


@cache
def _mine() -> Iterator[int]:
    """Return this worker's ports, round and round, from a random one on: two test runs hardly meet."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    ports = LENT[worker::WORKERS]
    start = random.randrange(len(ports))  # noqa: S311 - no secret
    return cycle([*ports[start:], *ports[:start]])


def _is_free(port: int) -> bool:
    with socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
