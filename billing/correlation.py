"""The id that joins everything one request causes: in logs, in audit entries and in what a person may quote."""

from contextvars import ContextVar
from secrets import token_hex

current: ContextVar[str] = ContextVar("correlation", default="-")


def begin() -> str:
    """Start a new id for this task and those it starts."""
    fresh = token_hex(8)
    current.set(fresh)
    return fresh
