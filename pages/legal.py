"""``/privacy`` and ``/terms``: the operator's texts, or what is true of the software by itself."""

import re
from collections.abc import Sequence

from aiohttp import web

from pages.readers import Readers
from pages.render import Pages
from pages.reseller import Reseller
from words.reader import Reader


class LegalPages:
    """Shows two texts to anybody.

    privacy, terms  plain text, with an empty line between paragraphs; empty where the operator has set none
    """

    def __init__(self, pages: Pages, readers: Readers, reseller: Reseller, privacy: str, terms: str) -> None:
        self._pages = pages
        self._readers = readers
        self._reseller = reseller
        self._privacy = _paragraphs(privacy)
        self._terms = _paragraphs(terms)

    async def privacy(self, request: web.Request) -> web.Response:
        """Show what is kept about people."""
        reader = await self._readers.of_anybody(request)
        return self._page(reader, reader.say("Privacy"), self._privacy or _what_is_kept(reader))

    async def terms(self, request: web.Request) -> web.Response:
        """Show the terms of use."""
        reader = await self._readers.of_anybody(request)
        return self._page(reader, reader.say("Terms of use"), self._terms or _what_counts(reader, self._reseller))

    def _page(self, reader: Reader, title: str, paragraphs: Sequence[str]) -> web.Response:
        return self._pages.page("legal.html", reader, title=title, paragraphs=paragraphs)


def _what_is_kept(reader: Reader) -> Sequence[str]:
    return (
        reader.say("This service shows the invoices of your company to people of your company, in Microsoft Teams and in the browser."),
        reader.say(
            "It reads invoices, contracts and contacts from Work 365 and keeps a copy of them so that it can answer quickly. Work 365 "
            "remains the place where they belong: what is deleted there disappears here."
        ),
        reader.say(
            "About you it keeps your Microsoft Entra tenant and object id, your name and user name as Entra states them, your Teams "
            "conversation, your language and time zone, your reminder settings, which reminders were sent, and a record of which invoices "
            "were viewed, downloaded or opened for payment. It keeps no password and no payment data; payments take place on the payment "
            "provider's own page."
        ),
        reader.say(
            "A session ends when you sign out, and when Entra no longer confirms it. To have everything about you deleted, type “delete my "
            "data” in the chat; the record of access stays, without your name, for as long as the law demands. Nothing is passed on to "
            "third parties."
        ),
    )


def _what_counts(reader: Reader, reseller: Reseller) -> Sequence[str]:
    return (
        *(_named(reader, reseller.name) if reseller.is_named else _unnamed(reader)),
        reader.say(
            "Access is meant for people who hold the role Work 365 Administrator or Work365 Finance Manager in their company. Please do "
            "not pass on files or pages to people who have no right to see them."
        ),
    )


def _named(reader: Reader, name: str) -> Sequence[str]:
    return (
        reader.say(
            "This service is provided by {reseller} to its customers, as a convenient view of invoices that are kept in Work 365.",
            reseller=name,
        ),
        reader.say(
            "The invoice as issued by {reseller} is what counts. Should this service show something else, please tell {reseller}.",
            reseller=name,
        ),
    )


def _unnamed(reader: Reader) -> Sequence[str]:
    return (
        reader.say("This service is a convenient view of invoices that your cloud provider keeps in Work 365."),
        reader.say(
            "The invoice as issued by your cloud provider is what counts. Should this service show something else, please tell them."
        ),
    )


def _paragraphs(text: str) -> Sequence[str]:
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]
