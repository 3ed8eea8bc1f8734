"""Listens: aiohttp's server, on which strangers can neither raise an alarm nor have anything unpacked."""

import logging
from typing import Any, Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

log = logging.getLogger(__name__)

CLOSE_S: Final = 5.0
"""For an answer that is on its way when the process is to end. aiohttp waits twice as long where a reader takes nothing."""


class _ServerLog(logging.LoggerAdapter[logging.Logger]):
    """aiohttp's own log, in which HTTP that cannot be understood is no mistake of ours."""

    def exception(self, msg: object, *args: object, exc_info: Any = True, **more: Any) -> None:  # noqa: ANN401 - logging's
        """Note a mistake of ours with its traceback, and a stranger's in a line."""
        if isinstance(exc_info, HttpProcessingError):
            log.info("http.broken", extra={"problem": type(exc_info).__name__})
        else:
            super().exception(msg, *args, exc_info=exc_info, **more)


def runner_of(application: web.Application, close_s: float = CLOSE_S) -> web.AppRunner:
    """Return what runs *application*, and gives it *close_s* to finish."""
    server_log = _ServerLog(logging.getLogger("aiohttp.server"))
    return web.AppRunner(
        application, access_log=None, logger=server_log, handle_signals=False, shutdown_timeout=close_s, auto_decompress=False
    )


async def listen(runner: web.AppRunner, host: str, port: int) -> None:
    """Begin to take requests. Raises OSError, which names the settings."""
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise OSError(f"nobody can listen on {host}, port {port}, which HOST and PORT name: {error.strerror}") from error
