"""Where the sandbox is and what time it is there: the two things that all its clouds share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns now, aware and in UTC."""


def utc_now() -> datetime:
    """Return the machine's own time."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Site:
    """The clock and the addresses of one running sandbox.

    base_url  ``http://127.0.0.1:41234``, no slash at the end; set by ``server.serving`` once the port is known
    bot_url   where the channel delivers activities (``http://127.0.0.1:3978/api/messages``)
    """

    clock: Clock = utc_now
    base_url: str = ""
    bot_url: str = ""
