"""What grows without end is told from what comes and goes."""

from collections.abc import Sequence

import pytest

from bench.growth import Bound, Sample, grown, growth

BOUND = Bound(an_hour=6, noise=4)


def hour(sizes_mb: Sequence[float]) -> list[Sample]:
    """Return a sample a minute."""
    return [Sample(minute * 60.0, {"RSS": size}) for minute, size in enumerate(sizes_mb)]


class TestGrowth:
    def test_finds_a_leak(self) -> None:
        (row,) = growth(hour([100 + minute for minute in range(61)]), {"RSS": BOUND})

        assert row["slope an hour"] == pytest.approx(60)
        assert grown([row]) == ["RSS"]

    @pytest.mark.parametrize(
        "sizes_mb",
        [
            pytest.param([100.0] * 61, id="flat"),
            pytest.param([min(100.0, 60 + 4 * minute) for minute in range(61)], id="filling caches first"),
            pytest.param([100.0 + 10 * (minute % 2) for minute in range(61)], id="coming and going"),
            pytest.param([100 + minute / 20 for minute in range(61)], id="growing within the bound"),
            pytest.param([100.0 - minute for minute in range(61)], id="shrinking"),
            pytest.param([100.0, 101.0, 102.0, 103.0], id="too short a run to tell"),
        ],
    )
    def test_lets_pass_what_is(self, sizes_mb: Sequence[float]) -> None:
        assert grown(growth(hour(sizes_mb), {"RSS": BOUND})) == []
