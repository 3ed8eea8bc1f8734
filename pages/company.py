"""``/company``: turns to another of the person's companies, for the browser and the chat alike."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from uuid import UUID

from aiohttp import web

from billing.access import AccountId, Caller, Person
from billing.errors import NotFound
from pages.render import PRIVATE, Pages
from pages.session import Visits, sent_form, tab_query

Switch = Callable[[Person, AccountId], Awaitable[Caller]]
"""Turns a person to one of their companies, from then on. Raises NotFound for any other account."""


class CompanyPage:
    """Takes the form with which somebody of several companies chooses."""

    def __init__(self, visits: Visits, switch: Switch, pages: Pages) -> None:
        self._visits = visits
        self._switch = switch
        self._pages = pages

    async def choose(self, request: web.Request) -> web.Response:
        """Turn to the company that the form names, and go on to its invoices."""
        session = await self._visits.form(request)
        await self._switch(session.person, _account((await sent_form(request)).get("company", "")))
        address = f"{self._pages.root}/invoices{tab_query(request)}"
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={**PRIVATE, "Location": address})


def _account(word: str) -> AccountId:
    try:
        return AccountId(str(UUID(word)))
    except ValueError:
        raise NotFound(reason="no GUID") from None
