"""JSON from outside, before anything is known about it."""

from collections.abc import Mapping
from typing import Any, cast

Wire = Mapping[str, Any]
"""A JSON object."""


def as_object(found: object) -> Wire:
    """Return *found* if it is a JSON object, else an empty one."""
    return cast("Wire", found) if isinstance(found, dict) else {}
