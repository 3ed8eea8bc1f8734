"""The only door to Jinja: HTML with autoescape, strict about what a page needs, sent with strict headers."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final, cast

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pages.reseller import NOBODY, Reseller
from pages.session import Visit
from words.reader import Reader
from words.status import charge_note, charge_words, due_day, state_word, urgency
from words.text import capitalized, clean, isolated, lines

HERE: Final = Path(__file__).parent

TEAMS_HOSTS: Final = (
    "https://teams.microsoft.com",
    "https://*.teams.microsoft.com",
    "https://*.cloud.microsoft",
    "https://*.office.com",
    "https://outlook.office365.com",
    "https://*.microsoft365.com",
)
"""Who may frame the personal tab: Teams, and Outlook and Microsoft 365, where a personal tab is at home as well.

Source: "Tab requirements", Microsoft Learn.
"""

PRIVATE: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
"""Headers of everything that is meant for one person."""


def policy(framed_by: Iterable[str] = ()) -> str:
    """Return the rules that a browser keeps a page to: our own styles, script and pictures, nothing inline, nothing from elsewhere."""
    framers = " ".join(framed_by) or "'none'"
    return (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        f"base-uri 'none'; form-action 'self'; frame-ancestors {framers}"
    )


HEADERS: Final = {**PRIVATE, "Content-Security-Policy": policy(), "Cross-Origin-Resource-Policy": "same-origin"}
"""Headers of every page."""


@dataclass(frozen=True, slots=True)
class Action:
    """What a message offers to do.

    path  below the root
    csrf  the form token of what changes something, and is sent as a form; "" for a link
    """

    said: str
    path: str
    csrf: str = ""


class Pages:
    """The product's HTML pages.

    root  path under which a proxy shows the product, without a slash at the end
    """

    def __init__(self, reseller: Reseller = NOBODY, root: str = "") -> None:
        self.root = root
        self._reseller = reseller
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
            charge_note=charge_note,
            charge_words=charge_words,
            due_day=due_day,
            state_word=state_word,
            urgency=urgency,
            capitalized=capitalized,
            lines=lines,
        )

    def page(self, template: str, reader: Reader, status: int = HTTPStatus.OK, **shown: object) -> web.Response:
        """Return the page *template*, whose sentences are the *reader*'s.

        A value that it needs and that is not given is a mistake, not an empty string.
        """
        text = self._templates.get_template(template).render(reader=reader, say=reader.say, reseller=self._reseller, **shown)
        return web.Response(status=status, text=text, content_type="text/html", charset="utf-8", headers=HEADERS)

    def invoice_page(self, template: str, visit: Visit, reader: Reader, status: int = HTTPStatus.OK, **shown: object) -> web.Response:
        """Return a page for somebody who is signed in."""
        return self.page(template, reader, status, visit=visit, **shown)

    def message(
        self,
        reader: Reader,
        title: str,
        *said: str,
        status: int = HTTPStatus.OK,
        reference: str = "",
        facts: Iterable[tuple[str, str]] = (),
        action: Action | None = None,
        tab: str = "",
    ) -> web.Response:
        """Return a page that says one thing, in a paragraph or more, and offers at most one."""
        shown = {"title": title, "said": said, "reference": reference, "facts": list(facts), "action": action, "tab": tab}
        return self.page("message.html", reader, status, **shown)


def _shown(value: object) -> object:
    """Clean every text on its way into a page: no control characters, no turned lines."""
    if isinstance(value, Markup):
        return value
    return isolated(clean(value)) if isinstance(value, str) else value
