"""HTTP by hand, so that a request may be as wrong as it likes."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.patience import PATIENCE_S

LINE = "POST /api/messages HTTP/1.1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; 0 where nothing did."""

    status: int
    text: str = ""

    @property
    def inside(self) -> Any:
        """Return the status that a pressed button's answer carries."""
        return json.loads(self.text)["statusCode"]


async def knock(url: str, line: str, headers: Mapping[str, str], body: bytes, *, is_chunked: bool = False) -> Answer:
    """Send one request on a connection of its own."""
    length = {"Transfer-Encoding": "chunked"} if is_chunked else {"Content-Length": str(len(body))}
    told = {"Host": "bot", "Connection": "close", **length, **headers}
    head = "".join(f"{each}\r\n" for each in (line or LINE, *(f"{name}: {value}" for name, value in told.items())))
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
    try:
        writer.write(head.encode("latin-1") + b"\r\n" + (b"".join(_chunks(body)) if is_chunked else body))
        return _read(await asyncio.wait_for(reader.read(), PATIENCE_S))
    except ConnectionError:  # refused before all of it was read
        return Answer(0)
    finally:
        writer.close()


def _chunks(body: bytes, size_bytes: int = 32 * 1024) -> list[bytes]:
    parts = [body[at : at + size_bytes] for at in range(0, len(body), size_bytes)]
    return [*(b"%x\r\n%b\r\n" % (len(each), each) for each in parts), b"0\r\n\r\n"]


def _read(answer: bytes) -> Answer:
    head, _, text = answer.partition(b"\r\n\r\n")
    while head.startswith(b"HTTP/1.1 100"):
        head, _, text = text.partition(b"\r\n\r\n")
    return Answer(int(head.split()[1]), text.decode()) if head else Answer(0)
