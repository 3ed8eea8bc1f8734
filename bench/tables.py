"""What benchmarks have measured, for people and for machines."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

Row = Mapping[str, object]
"""One measurement: what was measured, by name; the names are the heads of the columns."""

RESULTS = Path(__file__).parent / "results"


def markdown(rows: Sequence[Row]) -> str:
    """Return *rows* as a table."""
    heads = list(dict.fromkeys(name for row in rows for name in row))
    lines = [heads, ["---:"] * len(heads), *([str(row.get(head, "")) for head in heads] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def show(name: str, rows: Sequence[Row]) -> None:
    """Print *rows* as a table, and keep them as JSON."""
    print(markdown(rows))
    print(f"\nkept in {keep(name, rows)}")


def keep(name: str, rows: Sequence[Row]) -> Path:
    """Write *rows* as JSON, and return where."""
    RESULTS.mkdir(exist_ok=True)
    kept = RESULTS / f"{name}.json"
    kept.write_text(json.dumps(rows, indent=2) + "\n")
    return kept
