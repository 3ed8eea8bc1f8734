"""JSON from outside, before anything is known about it, and JSON that goes out."""

import json
from collections.abc import Mapping
from typing import Any, cast

import orjson

from cards.kit import Kept

Wire = Mapping[str, Any]
"""A JSON object."""


def as_object(found: object) -> Wire:
    """Return *found* if it is a JSON object, else an empty one."""
    return cast("Wire", found) if isinstance(found, dict) else {}


def written(wire: object) -> bytes:
    """Return JSON as UTF-8; half a surrogate pair becomes a question mark."""
    try:
        return orjson.dumps(wire, _as_it_is, orjson.OPT_PASSTHROUGH_SUBCLASS)
    except TypeError:
        return json.dumps(wire, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def _as_it_is(found: object) -> object:
    """Return what a kept element was written as, or a subclass as the type that it is of. Raises TypeError for anything else."""
    if isinstance(found, Kept):
        if found.json is None:
            found.json = orjson.dumps(dict(found))
        return orjson.Fragment(found.json)
    if isinstance(found, str):
        return str(found)
    if isinstance(found, dict):
        return dict(cast("Wire", found))
    raise TypeError
