"""Time zones by name."""

import pytest

from billing.zones import UTC, zone_named


class TestZoneNamed:
    def test_is_the_zone(self) -> None:
        assert zone_named("Europe/Berlin").key == "Europe/Berlin"

    @pytest.mark.parametrize("name", ["", "America/Lost", "Europe", "../etc/passwd", "/etc/passwd", "Europe/Berlin\0", "x" * 10_000])
    def test_is_utc_where_there_is_none(self, name: str) -> None:
        assert zone_named(name) is UTC
