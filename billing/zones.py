"""Time zones by the names that clients give them, also by one that this machine does not know."""

from typing import Final
from zoneinfo import ZoneInfo

UTC: Final = ZoneInfo("UTC")


def zone_named(name: str) -> ZoneInfo:
    """Return the IANA time zone of that name; UTC where there is none, so that nobody waits for somebody else's zone."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, or gone from this machine's list; no name at all; a folder
        return UTC
