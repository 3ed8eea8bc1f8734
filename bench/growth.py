"""Whether something grows without end: a line through what was measured, and a bound on its slope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import linear_regression, median
from typing import Final

from bench.tables import Row

SETTLING: Final = 0.25
"""Share of a run in which caches and pools fill; it does not count."""

HOUR_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Bound:
    """How much a measurement may grow.

    an_hour  by so much in every hour
    noise    and, however short the run, by so much: what comes and goes
    """

    an_hour: float
    noise: float


@dataclass(frozen=True, slots=True)
class Sample:
    """What was measured, by name, *at_s* seconds after the start."""

    at_s: float
    measured: Mapping[str, float]


def growth(samples: Sequence[Sample], bounds: Mapping[str, Bound]) -> list[Row]:
    """Return a row for each measurement: first, last, slope in an hour, its bound, and whether it grows beyond that."""
    settled = samples[int(len(samples) * SETTLING) :]
    return [_row(name, settled, bound) for name, bound in bounds.items()]


def grown(rows: Sequence[Row]) -> list[str]:
    """Name what has grown beyond its bound."""
    return [str(row["measured"]) for row in rows if row["verdict"] == "grows"]


def _row(name: str, samples: Sequence[Sample], bound: Bound) -> Row:
    at_s, seen = [each.at_s for each in samples], [each.measured[name] for each in samples]
    slope = linear_regression(at_s, seen).slope
    too_much = slope * (at_s[-1] - at_s[0]) > bound.noise + bound.an_hour / HOUR_S * (at_s[-1] - at_s[0])
    return {
        "measured": name,
        "first": round(seen[0], 1),
        "median": round(median(seen), 1),
        "most": round(max(seen), 1),
        "last": round(seen[-1], 1),
        "slope an hour": round(slope * HOUR_S, 1),
        "bound an hour": bound.an_hour,
        "verdict": "grows" if too_much else "ok",
    }
