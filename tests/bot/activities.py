"""Activities as Teams sends them: recorded ones, and changed copies of them."""

import json
from pathlib import Path
from typing import Any

from billing.access import Person

RECORDED = Path(__file__).parents[1] / "recorded" / "activities"
NAMES = sorted(path.stem for path in RECORDED.glob("*.json"))

ADA = Person.parse("5e3c4d5a-7c1b-4f39-9a52-0d6f6f4c7e11", "b7d1f7c2-3f0a-4a55-8a0c-51a3f25f1d20")
"""Who wrote all of them."""


def recorded(name: str, /, **changes: Any) -> dict[str, Any]:
    """Return a recorded activity with some members replaced."""
    found: dict[str, Any] = json.loads((RECORDED / f"{name}.json").read_text("utf-8"))
    return found | changes
