"""The one kind of PNG file that a Teams app needs: 8 bits of red, green, blue and alpha, unfiltered."""

import struct
import zlib
from collections.abc import Sequence
from typing import Final

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEADER: Final = ">IIBBBBB"
_RGBA: Final = (8, 6, 0, 0, 0)
"""Bit depth, colour type, compression, filter method, no interlace. Source: PNG specification, section 11.2.2."""

Pixel = tuple[int, int, int, int]
Rows = Sequence[Sequence[Pixel]]


def write(rows: Rows) -> bytes:
    """Return a picture as a file."""
    header = struct.pack(_HEADER, len(rows[0]), len(rows), *_RGBA)
    scanlines = b"".join(b"\0" + bytes(value for pixel in row for value in pixel) for row in rows)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(scanlines, 9)) + _chunk(b"IEND", b"")


def read(content: bytes) -> Rows:
    """Return the pixels of such a file. ValueError where it is another kind."""
    chunks = _chunks(content)
    try:
        width, height, *kind = struct.unpack(_HEADER, chunks[b"IHDR"])
        scanlines = zlib.decompress(chunks[b"IDAT"])
    except (KeyError, struct.error, zlib.error):
        raise ValueError("no PNG file") from None
    stride = 1 + 4 * width
    if tuple(kind) != _RGBA or len(scanlines) != stride * height or any(scanlines[::stride]):
        raise ValueError("not 8 bits of RGBA without filters")
    lines = (scanlines[at + 1 : at + stride] for at in range(0, len(scanlines), stride))
    return [list(zip(*[iter(line)] * 4, strict=True)) for line in lines]


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _chunks(content: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    at = len(SIGNATURE)
    while content.startswith(SIGNATURE) and at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4])
        found[content[at + 4 : at + 8]] = content[at + 8 : at + 8 + length]
        at += 12 + length
    return found
