"""Makes PDF files in processes that can be stopped, and keeps the last ones."""

import asyncio
import hashlib
import json
import logging
import os
import sys
from asyncio.subprocess import PIPE
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

from billing.errors import NoPdf

log = logging.getLogger(__name__)

LIMIT_S: Final = 10.0
MOST_LINES: Final = 5_000
"""Lines of a bill that are set at all; the template refuses more than 200 pages."""

_AT_ONCE: Final = 2
_KEPT_BYTES: Final = 16 * 1024 * 1024
_TYPESETTER: Final = Path(__file__).with_name("typesetter.py")
_TOLD: Final = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
"""What the process learns of our environment, which holds secrets."""

_MARKED, _UNMARKED = 0, 3

Shown = Mapping[str, object]
"""What the template of a document shows, fit for JSON."""


class Press:
    """Turns data into PDF files: two at once, each within ten seconds, the same data once for as long as it is remembered."""

    def __init__(self, logo: Path | None = None, limit_s: float = LIMIT_S) -> None:
        self._logo = str(logo.absolute()) if logo else ""
        self._limit_s = limit_s
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._setting: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()

    async def pdf(self, shown: Shown) -> bytes:
        """Return the document as a PDF file. Raises NoPdf."""
        job = json.dumps({"data": shown, "logo": self._logo}).encode()
        key = hashlib.sha256(job).digest()
        async with self._setting.setdefault(key, asyncio.Lock()):
            if key not in self._kept:
                async with self._free:
                    self._keep(key, await self._set(job))
            self._kept.move_to_end(key)
            return self._kept[key]

    def _keep(self, key: bytes, made: bytes) -> None:
        self._kept[key] = made
        while len(self._kept) > 1 and sum(map(len, self._kept.values())) > _KEPT_BYTES:
            self._kept.popitem(last=False)

    async def _set(self, job: bytes) -> bytes:
        told = {name: os.environ[name] for name in _TOLD if name in os.environ}
        command = (sys.executable, "-I", str(_TYPESETTER))
        setting = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=told)
        try:
            async with asyncio.timeout(self._limit_s):
                made, said = await setting.communicate(job)
        except TimeoutError as error:
            raise NoPdf(limit_s=self._limit_s) from error
        finally:
            if setting.returncode is None:
                setting.kill()
                await setting.wait()
        if setting.returncode == _UNMARKED:
            log.warning("pdf.glyph_missing")
        elif setting.returncode != _MARKED:
            raise NoPdf(said=said.decode("utf-8", "replace")[-200:])
        return made
