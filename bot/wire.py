"""JSON from outside, before anything is known about it, and JSON that goes out."""

import json
from collections.abc import Mapping
from typing import Any, cast

import orjson

Wire = Mapping[str, Any]
"""A JSON object."""


def as_object(found: object) -> Wire:
    """Return *found* if it is a JSON object, else an empty one."""
    return cast("Wire", found) if isinstance(found, dict) else {}


def written(wire: object) -> bytes:
    """Return JSON as UTF-8; half a surrogate pair becomes a question mark."""
    try:
        return orjson.dumps(wire)
    except TypeError:
        return json.dumps(wire, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
