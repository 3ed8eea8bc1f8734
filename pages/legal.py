"""``/privacy`` and ``/terms``: the operator's texts, or what is true of the software by itself."""

import re
from typing import Final

from aiohttp import web

from pages.render import Pages
from pages.reseller import Reseller

PRIVACY: Final = """
This service shows the invoices of your company to people of your company, in Microsoft Teams and in the browser.

It reads invoices, contracts and contacts from Work 365 and keeps a copy of them so that it can answer quickly. Work 365 remains the place
where they belong: what is deleted there disappears here.

About you it keeps your Microsoft Entra tenant and object id, your name and user name as Entra states them, your Teams conversation, your
language and time zone, your reminder settings, which reminders were sent, and a record of which invoices were viewed, downloaded or
opened for payment. It keeps no password and no payment data; payments take place on the payment provider's own page.

A session ends when you sign out, and when Entra no longer confirms it. To have everything about you deleted, type "delete my data" in the
chat; the record of access stays, without your name, for as long as the law demands. Nothing is passed on to third parties.
"""

TERMS: Final = """
This service is provided by {reseller} to its customers, as a convenient view of invoices that are kept in Work 365.

The invoice as issued by {reseller} is what counts. Should this service show something else, please tell {reseller}.

Access is meant for people who hold the role Work 365 Administrator or Work365 Finance Manager in their company. Please do not pass on
files or pages to people who have no right to see them.
"""


class LegalPages:
    """Shows two texts to anybody.

    privacy, terms  plain text, with an empty line between paragraphs; empty where the operator has set none
    """

    def __init__(self, pages: Pages, reseller: Reseller, privacy: str, terms: str) -> None:
        self._pages = pages
        self._contact = reseller.contact
        self._privacy = _paragraphs(privacy or PRIVACY)
        self._terms = _paragraphs(terms or TERMS.format(reseller=reseller.name))

    async def privacy(self, _: web.Request) -> web.Response:
        """Show what is kept about people."""
        return self._page("Privacy", self._privacy)

    async def terms(self, _: web.Request) -> web.Response:
        """Show the terms of use."""
        return self._page("Terms of use", self._terms)

    def _page(self, title: str, paragraphs: list[str]) -> web.Response:
        return self._pages.page("legal.html", title=title, paragraphs=paragraphs, contact=self._contact)


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]
