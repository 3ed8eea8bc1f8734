"""How far a long job has come, on one line of a terminal."""

from collections.abc import Mapping
from typing import Final, TextIO

_AGAIN: Final = "\r\x1b[K"
"""Back to the beginning of the line, and away with what stands there."""


class ProgressLine:
    """Is written over itself, and leaves nothing behind. Where the stream is no terminal, nothing appears."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shows = stream.isatty()

    def show(self, read: Mapping[str, int]) -> None:
        """Say how many rows of each table have been read."""
        self._write(f"{_AGAIN}read: {', '.join(f'{count:,} {table}' for table, count in read.items())}")

    def end(self) -> None:
        """Clear the line."""
        self._write(_AGAIN)

    def _write(self, text: str) -> None:
        if self._shows:
            self._stream.write(text)
            self._stream.flush()
