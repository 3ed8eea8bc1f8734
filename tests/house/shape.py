"""Rules on shape: sizes, what a module may do on import, values, ports."""

import ast
from collections.abc import Iterator

from tests.house.source import Found, Source

MODULE_LINES = 300
FUNCTION_LINES = 40
PORT_METHODS = 5

PRODUCT = frozenset(
    {
        "app.py",
        "assembly",
        "settings.py",
        "settings_kinds.py",
        "telemetry.py",
        "telemetry_export.py",
        "auth",
        "backends",
        "billing",
        "bot",
        "cards",
        "pages",
        "reminders",
        "words",
    }
)

_DEFINES = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_CHANGEABLE = (ast.List, ast.Set, ast.ListComp, ast.SetComp)


def sizes(source: Source) -> Iterator[Found]:
    """Hold a module to 300 lines and a function to 40, counted from its ``def`` to its end, docstring and all."""
    if source.path.endswith(".py") and (lines := source.text.count("\n")) > MODULE_LINES:
        yield 1, f"{lines} lines; a module has at most {MODULE_LINES}"
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            lines = node.end_lineno - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield node.lineno, f"{node.name} has {lines} lines; a function has at most {FUNCTION_LINES}"


def quiet_imports(source: Source) -> Iterator[Found]:
    """Let a module import, define and name constants: nothing happens on import, and no module holds state."""
    if source.room not in PRODUCT | {"sandbox"} or "/migrations/" in source.path:
        return
    for module in source.nodes[:1]:
        assert isinstance(module, ast.Module)
        for node in module.body:
            if not _is_quiet(node):
                yield node.lineno, "a module imports, defines and names constants; a list, set or lower-case name is state"


def _is_quiet(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(ast.Constant(str())):
            return True
        case ast.If(ast.Compare(ast.Name("__name__"))) | ast.If(ast.Name("TYPE_CHECKING")):
            return True
        case ast.AnnAssign(ast.Name(), ast.Subscript(ast.Name("Callable" | "ContextVar"))):
            return True
        case ast.Assign([named], value) | ast.AnnAssign(named, _, value):
            names = [name.id for name in ast.walk(named) if isinstance(name, ast.Name)]
            if names == ["__all__"]:
                return True
            return all(name == "log" or name.lstrip("_")[:1].isupper() for name in names) and not isinstance(value, _CHANGEABLE)
        case _:
            return isinstance(node, _DEFINES)


def frozen_values(source: Source) -> Iterator[Found]:
    """Freeze the product's dataclasses: what changes is an object with methods."""
    if source.room not in PRODUCT:
        return
    for node in source.nodes:
        if isinstance(node, ast.ClassDef):
            for mark in node.decorator_list:
                if "dataclass" in (said := ast.unparse(mark)) and "frozen=True" not in said:
                    yield node.lineno, f"{node.name} is a dataclass that is not frozen"


def narrow_ports(source: Source) -> Iterator[Found]:
    """Hold a Protocol to five methods."""
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and any(ast.unparse(parent).startswith("Protocol") for parent in node.bases):
            methods = sum(isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) for member in node.body)
            if methods > PORT_METHODS:
                yield node.lineno, f"{node.name} asks for {methods} methods; a port asks for at most {PORT_METHODS}"
