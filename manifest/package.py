"""The file that an administrator uploads to Teams: checked for what a schema cannot see, and the same bytes every time."""

import json
import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Final
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from billing.errors import Problem
from manifest import png
from manifest.content import TYPED, VERSION, App, language_file, manifest, texts
from manifest.icons import COLOR_SIZE, HERE, OUTLINE_SIZE
from words.catalogue import LANGUAGES, catalogue

MOST_COMMANDS: Final = 12
LONGEST: Final = {
    "name.short": 30,
    "name.full": 100,
    "description.short": 80,
    "description.full": 4000,
    "title": 32,
    "description": 128,
    "developer": 32,
}
"""Characters that Teams shows of a text; for commands less than its schema allows."""

FORBIDDEN: Final = (
    "azurewebsites.net",
    "azurecontainerapps.io",
    "microsoft.com",
    "onmicrosoft.com",
    "ngrok.io",
    "ngrok-free.app",
    "devtunnels.ms",
    "trycloudflare.com",
)
"""Domains that the store refuses: those of Microsoft, shared ones, and tunnels. Source: "Teams Store validation guidelines"."""

WHITE: Final = (255, 255, 255)
_SEMVER: Final = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_HOST: Final = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)
_READABLE: Final = 0o644 << 16


class BadPackage(Problem):
    """The package would be refused."""

    def __init__(self, wrong: list[str]) -> None:
        super().__init__(wrong=wrong)
        self.wrong = wrong


def package(app: App) -> bytes:
    """Return the package. Raises BadPackage that names everything that Teams or its store would refuse."""
    contents = files(app)
    wrong = [*faults(app), *icon_faults(contents["color.png"], contents["outline.png"])]
    if wrong:
        raise BadPackage(wrong)
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in contents.items():
            entry = ZipInfo(name, _FIRST_DAY)
            entry.create_system, entry.external_attr, entry.compress_type = 3, _READABLE, ZIP_DEFLATED
            archive.writestr(entry, content)
    return packed.getvalue()


def files(app: App) -> Mapping[str, bytes]:
    """Return what lies in the package: the manifest, the icons, the language files, and nothing else."""
    languages = {f"{tag}.json": _json(language_file(app, catalogue(tag).gettext)) for tag in LANGUAGES[1:]}
    icons = {name: (HERE / name).read_bytes() for name in ("color.png", "outline.png")}
    return {"manifest.json": _json(manifest(app)), **icons, **languages}


def faults(app: App) -> Iterator[str]:
    """Name what is wrong with an app's ids, addresses and texts."""
    for name, told in (("MicrosoftAppId", app.bot), ("ENTRA_CLIENT_ID", app.people)):
        if not _is_guid(told):
            yield f"{name}: {told!r} is no GUID"
    if not app.address.startswith("https://"):
        yield f"PUBLIC_URL: {app.address} is not https; Teams opens nothing else"
    if not _HOST.fullmatch(app.host):
        yield f"PUBLIC_URL: {app.host!r} is no domain name of the internet"
    if any(app.host == domain or app.host.endswith(f".{domain}") for domain in FORBIDDEN):
        yield f"PUBLIC_URL: the store refuses {app.host}; use a domain of your own"
    if not _SEMVER.fullmatch(VERSION):
        yield f"version: {VERSION} is not of the form 1.2.3"
    if len(TYPED) > MOST_COMMANDS:
        yield f"commands: {len(TYPED)}, and Teams shows {MOST_COMMANDS}"
    yield from _too_long("RESELLER_NAME", app.developer, "developer")
    for language in LANGUAGES:
        for key, text in texts(app, catalogue(language).gettext).items():
            yield from _too_long(f"{key} in {language}", text, key if key in LONGEST else key.rpartition(".")[2])


def icon_faults(color: bytes, outline: bytes) -> Iterator[str]:
    """Name what is wrong with the icons: their sizes, an opaque outline, a colour in it."""
    try:
        colored, outlined = png.read(color), png.read(outline)
    except ValueError as error:
        yield f"icons: {error}"
        return
    for name, rows, size in (("color.png", colored, COLOR_SIZE), ("outline.png", outlined, OUTLINE_SIZE)):
        if (len(rows), len(rows[0])) != (size, size):
            yield f"{name}: {len(rows[0])} x {len(rows)} pixels instead of {size} x {size}"
    pixels = {pixel for row in outlined for pixel in row}
    if all(alpha for *_, alpha in pixels):
        yield "outline.png: nothing in it is transparent"
    if any(alpha and tuple(shade) != WHITE for *shade, alpha in pixels):
        yield "outline.png: not everything in it is white"


def _too_long(name: str, text: str, kind: str) -> Iterator[str]:
    limit = LONGEST.get(kind)
    if limit is not None and not 0 < len(text) <= limit:
        yield f"{name}: {len(text)} characters; 1 to {limit} are possible"


def _is_guid(told: str) -> bool:
    try:
        return str(UUID(told)) == told
    except ValueError:
        return False


def _json(content: Mapping[str, object]) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
