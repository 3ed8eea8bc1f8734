"""The company that sends the bills: its name, address, contact, logo and colour, as the operator has set them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

from words.text import Clean, isolated


@dataclass(frozen=True, slots=True)
class Reseller:
    """Who sells, as pages and PDF files name them.

    name     empty where none is set
    contact  a mail address, telephone number or sentence; empty where none is set
    logo     PNG or SVG file
    color    ``#rrggbb``; it decorates and never carries text, so that any colour will do
    """

    name: str
    address: str = ""
    contact: str = ""
    logo: Path | None = None
    color: str = "#4f52b2"

    @property
    def is_named(self) -> bool:
        """Whether the operator has said who sells."""
        return bool(self.name)

    @property
    def told(self) -> Clean:
        """Name and contact, as far as the operator has told them, to stand on a line of their own."""
        return Clean(" \N{MIDDLE DOT} ".join(isolated(each) for each in (self.name, self.contact) if each))


NOBODY: Final = Reseller("")
"""Who sells where the operator has not said so."""

LASTING: Final = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
"""Headers of what is the same for everybody."""

_TYPES: Final = {".png": "image/png", ".svg": "image/svg+xml"}


class ResellerFiles:
    """The logo, and the colour as a style sheet: pages may have no style of their own."""

    def __init__(self, reseller: Reseller) -> None:
        self._style = f":root {{ --brand: {reseller.color}; }}\n"
        self._logo = reseller.logo.read_bytes() if reseller.logo else b""
        self._type = _TYPES[reseller.logo.suffix.lower()] if reseller.logo else ""

    async def style(self, _: web.Request) -> web.Response:
        """Return the style sheet with the reseller's colour."""
        return web.Response(text=self._style, content_type="text/css", headers=LASTING)

    async def logo(self, _: web.Request) -> web.Response:
        """Return the logo; a script in it stays dead."""
        if not self._logo:
            raise web.HTTPNotFound
        dead = {**LASTING, "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
        return web.Response(body=self._logo, content_type=self._type, headers=dead)
