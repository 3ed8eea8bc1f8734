"""Rules on names and on what the text gives away."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from tests.house.source import Found, Source

EMPTY_WORDS = frozenset({"util", "utils", "helper", "helpers", "manager", "service", "services", "base", "data", "info", "process"})

_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_LINK = re.compile(r"(?<!!)\[[^]]*\]\(([^)#\s]+)[^)]*\)")
_TRACES = (
    (re.compile(r"registry\.npmjs\.|npm\.pkg\.|files\.pythonhosted\.|(?<![\w.])pypi\.org|/simple/[\w-]+/"), "names a package registry"),
    (re.compile(r"(?<![\w.:/-])/(?:home|root|work|Users)/"), "names a path of somebody's machine"),
    (re.compile(r"(?i)\b(?:issue|ticket|pull request|PR|fault)s? #?\d"), "cites a number that means nothing to a reader: say what it is"),
)


def names(source: Source) -> Iterator[Found]:
    """Name a file, class or function after what it is or gives back, not with a word that fits anything."""
    if not source.path.endswith(".py"):
        return
    for part in PurePosixPath(source.path).with_suffix("").parts:
        if part.split("_")[-1] in EMPTY_WORDS:
            yield 1, f"{part} is a name that fits anything"
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and _WORD.findall(node.name)[-1].lower() in EMPTY_WORDS:
            yield node.lineno, f"{node.name} is a name that fits anything"
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.strip("_") in EMPTY_WORDS:
            yield node.lineno, f"{node.name} is a name that fits anything"


def traces(source: Source) -> Iterator[Found]:
    """Tell in no file where or on whose machine it was made."""
    for number, line in source.lines:
        for pattern, what in _TRACES:
            if pattern.search(line):
                yield number, what


def links(source: Source) -> Iterator[Found]:
    """Let a link between two documents lead somewhere."""
    if not source.path.endswith(".md"):
        return
    for number, line in source.lines:
        for target in _LINK.findall(line):
            if ":" not in target and not (Path(source.path).parent / target).exists():
                yield number, f"{target} does not exist"
