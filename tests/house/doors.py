"""Rules on what may be done only in certain places."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from tests.house.shape import PRODUCT
from tests.house.source import Found, Source

BOUNDARIES = frozenset(
    {"assembly/running.py", "bot/front_door.py", "bot/turns.py", "pages/routes.py", "reminders/deliver.py", "reminders/plan.py"}
)
"""Where everything is caught, logged with an id and answered with it."""

CATALOGUE = "words/reader.py"
"""Where our own words come back translated, which the type checker cannot follow."""

_BROAD = frozenset({"Exception", "BaseException"})
_RELAXED = re.compile(r"#\s*pyright:(?!\s*ignore)")


def broad_excepts(source: Source) -> Iterator[Found]:
    """Catch everything at the boundaries and nowhere else."""
    if source.path in BOUNDARIES:
        return
    for node in source.nodes:
        if isinstance(node, ast.ExceptHandler):
            caught = {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)} if node.type else _BROAD
            if caught & _BROAD:
                yield node.lineno, f"catches everything; that is done in {', '.join(sorted(BOUNDARIES))} only"


def plain_billing(source: Source) -> Iterator[Found]:
    """Let billing decide with the standard library alone."""
    if source.room != "billing":
        return
    for node in source.nodes:
        match node:
            case ast.Import(names):
                modules = [name.name for name in names]
            case ast.ImportFrom(str(module)):
                modules = [module]
            case _:
                continue
        for module in modules:
            if module.partition(".")[0] not in sys.stdlib_module_names | {"billing"}:
                yield node.lineno, f"billing imports {module}"


def honest_words(source: Source) -> Iterator[Found]:
    """Let nothing but our catalogue tell the type checker that a text is ours."""
    if source.path == CATALOGUE:
        return
    for node in source.nodes:
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("cast") and "LiteralString" in ast.unparse(node.args[0]):
            yield node.lineno, "casts to LiteralString"


def strict_types(source: Source) -> Iterator[Found]:
    """Relax type rules only at the doors to the libraries that ship no types."""
    if source.room not in PRODUCT | {"sandbox"} or source.room == "bot" or source.path == "auth/entra.py":
        return
    for number, line in source.lines:
        if source.path.endswith(".py") and _RELAXED.search(line):
            yield number, "relaxes a type rule; only bot/ and auth/entra.py may"


def wakeful_tests(source: Source) -> Iterator[Found]:
    """Make a test wait for what it needs, not for time to pass; ``sleep(0)`` lets others run."""
    if source.room != "tests":
        return
    for node in source.nodes:
        match node:
            case ast.Call(ast.Attribute(_, "sleep") | ast.Name("sleep"), [ast.Constant(0)]):
                pass
            case ast.Call(ast.Attribute(_, "sleep") | ast.Name("sleep")):
                yield node.lineno, "sleeps"
            case _:
                pass


def mirrored_tests(source: Source) -> Iterator[Found]:
    """Keep the tests of ``<package>/<module>.py`` in ``tests/<package>/test_<module>.py``."""
    path = PurePosixPath(source.path)
    if source.room != "tests" or path.parts[1] not in PRODUCT | {"sandbox"} or not path.name.startswith("test_"):
        return
    module = Path(*path.parts[1:-1], path.name.removeprefix("test_"))
    if not module.exists() and not module.with_suffix("").is_dir():
        yield 1, f"mirrors {module}, which does not exist"
