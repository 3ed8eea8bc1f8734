"""``app.py manifest``: writes the Teams app package of the operator's settings."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

from billing.errors import Problem
from manifest.content import App
from manifest.package import BadPackage, package
from settings import Settings, is_loopback


class NotForTeams(Problem):
    """Settings of a bot that Teams cannot reach."""


def write(settings: Settings, out: Path) -> bool:
    """Write the package and say where it is; False, with every reason printed, where Teams would refuse it."""
    try:
        content = package(app(settings))
    except BadPackage as problem:
        print("The package would be refused:", *(f"  {each}" for each in problem.wrong), sep="\n", file=sys.stderr)
        return False
    except NotForTeams as problem:
        print(problem.facts["why"], file=sys.stderr)
        return False
    try:
        out.write_bytes(content)
    except OSError as error:
        print(f"{out} cannot be written: {error.strerror}", file=sys.stderr)
        return False
    print(f"{out}: {len(content)} bytes, to be uploaded in the Teams admin centre")
    return True


def app(settings: Settings) -> App:
    """Return what the settings say of the app. Raises NotForTeams for a bot that runs on this machine alone."""
    if settings.sandbox_url or is_loopback(settings.public) or settings.app_id is None:
        raise NotForTeams(
            why=f"Teams cannot reach {settings.public}: a package is made of the settings of a bot with a MicrosoftAppId and "
            "an https PUBLIC_URL on the internet, not of the sandbox or a loopback address."
        )
    host = urlsplit(settings.public).hostname or ""
    return App(settings.app_id, settings.entra_client_id or settings.app_id, settings.public, host, settings.reseller_name)
