"""The files that belong to the project, as the rules see them."""

import ast
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

Found = tuple[int, str]
"""A line number and what is wrong there."""


@dataclass(frozen=True)
class Source:
    """One text file.

    path  from the project's root, with ``/``
    """

    path: str
    text: str

    @property
    def room(self) -> str:
        """The top-level folder, or the file itself where it lies in none."""
        return self.path.partition("/")[0]

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Everything in the syntax tree; nothing where this is not Python."""
        return tuple(ast.walk(ast.parse(self.text))) if self.path.endswith(".py") else ()

    @property
    def lines(self) -> Iterator[Found]:
        """Each line of the text with its number."""
        return enumerate(self.text.splitlines(), start=1)


Rule = Callable[[Source], Iterator[Found]]


def sources() -> Iterator[Source]:
    """Return every text file that is tracked, or would be by ``git add``."""
    listed = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, check=True, capture_output=True, text=True).stdout.split("\0")
    for name in sorted(filter(None, names)):
        path = Path(name)
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            yield Source(name, content.decode())
