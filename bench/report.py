"""One report of what the benchmarks have kept: Markdown, JSON, and a picture of what a turn costs."""

import json
import os
import platform
from html import escape
from pathlib import Path
from typing import Any, Final

from bench.tables import RESULTS, markdown

TITLES: Final = {
    "turns": "A turn",
    "instructions": "Instructions of a turn",
    "lists": "The first page, as the mirror grows",
    "start": "Start",
    "overload": "Ten times too much, from one company",
    "two_processes": "One process and two",
    "reminders": "Reminders delivered",
    "reminders_planned": "Reminders planned",
    "reminders_beside_chat": "Chat while reminders are delivered",
    "reminders_killed": "Reminders and kill -9",
    "usage_csv": "Usage as CSV",
    "sync": "Copying Work 365",
    "soak": "Soak",
}
REPORT: Final = "report"
BAR, ROW, LEFT, WIDTH = 430, 26, 330, 840


def write() -> Path:
    """Write ``report.md``, ``report.json`` and ``turns.svg`` beside what is kept, and return the first."""
    kept = {each.stem: json.loads(each.read_text()) for each in sorted(RESULTS.glob("*.json")) if each.stem != REPORT}
    order = sorted(kept, key=lambda name: (list(TITLES).index(name) if name in TITLES else len(TITLES), name))
    machine = f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, load {os.getloadavg()[2]:.1f}"
    parts = [f"# Benchmarks\n\n{machine}. Times on a machine that others use, too, are theirs as well: compare the ratios."]
    for name in order:
        picture = "\n\n![Processor time of a turn](turns.svg)" if name == "turns" else ""
        parts.append(f"## {TITLES.get(name, name.replace('_', ' ').capitalize())}\n\n{markdown(kept[name])}{picture}")
    if "turns" in kept:
        (RESULTS / "turns.svg").write_text(drawn(kept["turns"]))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{REPORT}.json").write_text(json.dumps({"machine": machine, **kept}, indent=2) + "\n")
    written = RESULTS / f"{REPORT}.md"
    written.write_text("\n\n".join(parts) + "\n")
    return written


def drawn(rows: list[dict[str, Any]]) -> str:
    """Return bars, as SVG: processor time of a turn, as a multiple of the floor's."""
    most = max(float(row["x floor"]) for row in rows)
    bars = [_bar(place, str(row["turn"]), float(row["x floor"]), most) for place, row in enumerate(rows)]
    height = ROW * len(rows) + 40
    title = '<text x="10" y="20" font-weight="bold">Processor time of a turn, as a multiple of the least possible</text>'
    start = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="13">'
    return f'{start}<rect width="100%" height="100%" fill="white"/>{title}{"".join(bars)}</svg>\n'


def _bar(place: int, name: str, times: float, most: float) -> str:
    top, color = 34 + ROW * place, "#4f52b2" if name.startswith("ours") else "#a0a0a8"
    said = f'<text x="{LEFT - 8}" y="{top + 14}" text-anchor="end">{escape(name)}</text>'
    width = max(1, round(BAR * times / most))
    shown = f'<rect x="{LEFT}" y="{top}" width="{width}" height="18" fill="{color}"/>'
    return f'{said}{shown}<text x="{LEFT + width + 6}" y="{top + 14}">{times:g}</text>'
