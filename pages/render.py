"""The only door to Jinja: HTML with autoescape, strict about what a page needs, sent with strict headers."""

from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Final, cast

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pages.reseller import NOBODY, Reseller
from pages.session import Visit
from words.reader import Reader
from words.status import charge_note, charge_words, is_owing, state_word, urgency
from words.text import capitalized, clean, isolated, lines

HERE: Final = Path(__file__).parent

TEAMS_HOSTS: Final = (
    "https://teams.microsoft.com",
    "https://*.teams.microsoft.com",
    "https://*.cloud.microsoft",
    "https://*.office.com",
    "https://*.microsoft365.com",
)
"""Who may frame the personal tab. Source: "Tab requirements", Microsoft Learn."""

PRIVATE: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
"""Headers of everything that is meant for one person."""


def headers(framed_by: Iterable[str] = ()) -> dict[str, str]:
    """Return the headers of a page: our own styles, script and pictures, nothing inline, nothing from elsewhere."""
    framers = " ".join(framed_by) or "'none'"
    policy = (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        f"base-uri 'none'; form-action 'self'; frame-ancestors {framers}"
    )
    return {**PRIVATE, "Content-Security-Policy": policy, "Cross-Origin-Resource-Policy": "same-origin"}


class Pages:
    """The product's HTML pages.

    root  path under which a proxy shows the product, without a slash at the end
    """

    def __init__(self, reseller: Reseller = NOBODY, root: str = "") -> None:
        self.root = root
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_shown,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        cast("dict[str, object]", self._templates.globals).update(
            root=root,
            reseller=reseller,
            charge_note=charge_note,
            charge_words=charge_words,
            is_owing=is_owing,
            state_word=state_word,
            urgency=urgency,
            capitalized=capitalized,
            lines=lines,
        )

    def page(self, template: str, status: int = HTTPStatus.OK, *, framed_by: Iterable[str] = (), **shown: object) -> web.Response:
        """Return the page *template*; a value that it needs and that is not given is a mistake, not an empty string."""
        text = self._templates.get_template(template).render(**shown)
        return web.Response(status=status, text=text, content_type="text/html", charset="utf-8", headers=headers(framed_by))

    def invoice_page(
        self,
        template: str,
        visit: Visit,
        reader: Reader,
        status: int = HTTPStatus.OK,
        *,
        framed_by: Iterable[str] = (),
        **shown: object,
    ) -> web.Response:
        """Return a page for somebody who is signed in; its sentences are the *reader*'s."""
        return self.page(template, status, framed_by=framed_by, visit=visit, reader=reader, say=reader.say, **shown)

    def message(self, title: str, said: str, status: int = HTTPStatus.OK, reference: str = "", *, leads_back: bool = False) -> web.Response:
        """Return a page that says one thing, and *leads_back* to the list of invoices where that helps."""
        return self.page("message.html", status, title=title, said=said, reference=reference, leads_back=leads_back)


def _shown(value: object) -> object:
    """Clean every text on its way into a page: no control characters, no turned lines."""
    if isinstance(value, Markup):
        return value
    return isolated(clean(value)) if isinstance(value, str) else value
