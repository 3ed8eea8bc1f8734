"""Which bills there are: two years that are mostly paid, and those that still wait, chosen one by one."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sandbox.demo.companies import (
    CONTOSO_EMEA,
    CONTOSO_LTD,
    CONTOSO_MAIN,
    FABRIKAM_GMBH,
    FABRIKAM_MAIN,
    LITWARE,
    LITWARE_MAIN,
    ROBOTICS_GULF,
    ROBOTICS_MAIN,
    TAILSPIN_ROBOTICS,
    TAILSPIN_TOYS,
    TOYS_MAIN,
    Company,
    Contract,
)
from sandbox.demo.products import CATALOGUE
from sandbox.people import stable_id

DRAFT = (0, 1)
BILLED = (0, 4)
PARTIAL = (2, 100002)
COMPLETE = (2, 100001)
CANCELLED = (3, 100003)
COLLECTIONS = (0, 805210007)
"""A status code that only this reseller has."""

MONTHS = 24


Field = Any
"""A field of Bill, passed on."""


class Link(StrEnum):
    """What Work 365 stored as the bill's payment link."""

    HOSTED = "hosted"
    EXPIRED = "expired"
    MISSING = "missing"
    PLAIN_HTTP = "http://evil.example/pay"
    NOT_ALLOWED = "https://pay.woodgrove.example/i/7f3a"


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice to be written.

    key       names it in tests: its id is ``bill_id(key)``
    sells     section of the catalogue
    lines     how many lines; the hostile ones come on top
    state     statecode and statuscode
    part      share of the total that has been charged; None: nothing was ever charged
    charge    last charge status
    """

    key: str
    company: Company
    contract: Contract
    sells: str
    billed: date
    due: date | None
    lines: int
    state: tuple[int, int] = BILLED
    part: Decimal | None = None
    charge: str | None = None
    link: Link = Link.HOSTED
    is_credit: bool = False
    has_currency: bool = True
    is_hostile: bool = False

    @property
    def id(self) -> str:
        """Row id."""
        return bill_id(self.key)


def bill_id(key: str) -> str:
    """Return the id of the demo bill with that key: ``contoso.partial``, ``contoso.expired``, ``fabrikam.hostile``."""
    return stable_id(f"invoice.{key}")


def bills(today: date) -> list[Bill]:
    """Return every bill, as of *today*, in order of the day it was billed."""
    return sorted([*_waiting(today), *_hidden(today), *_history(today)], key=lambda bill: (bill.billed, bill.key))


def _waiting(today: date) -> Iterator[Bill]:
    main = _Desk(CONTOSO_LTD, CONTOSO_MAIN, today)
    emea = _Desk(CONTOSO_LTD, CONTOSO_EMEA, today)
    yield main.bill("failed", -23, "Azure plan", 7, charge="Failed")
    yield main.bill("partial", -9, "Microsoft 365", 5, state=PARTIAL, part=Decimal("0.6"), charge="Succeeded")
    yield emea.bill("overdue", -3, "Microsoft 365", 4)
    yield main.bill("today", 0, "Dynamics 365", 3)
    yield main.bill("tomorrow", 1, "Azure plan", 9)
    yield emea.bill("small", 4, "Teams Phone", 1)
    yield main.bill("week", 7, "Microsoft 365", 10)
    yield main.bill("pending", 9, "Security", 4, charge="Pending")
    yield emea.bill("partial-emea", 12, "Copilot and Power Platform", 2, state=PARTIAL, part=Decimal("0.25"), charge="Succeeded")
    yield main.bill("long", 16, "Azure plan", 120)
    yield main.bill("expired", 19, "Professional services", 3, link=Link.EXPIRED)
    yield main.bill("no-link", 23, "Copilot and Power Platform", 5, link=Link.MISSING)
    yield main.bill("credit", 27, "Microsoft 365", 2, is_credit=True)
    yield main.bill("no-due-date", None, "Professional services", 1, link=Link.NOT_ALLOWED)

    fabrikam = _Desk(FABRIKAM_GMBH, FABRIKAM_MAIN, today)
    yield fabrikam.bill("overdue", -14, "Microsoft 365", 6, charge="Failed")
    yield fabrikam.bill("today", 0, "Teams Phone", 2)
    yield fabrikam.bill("plain-http", 5, "Azure plan", 6, link=Link.PLAIN_HTTP)
    yield fabrikam.bill("hostile", 11, "Security", 2, is_hostile=True)
    yield fabrikam.bill("no-currency", 18, "Professional services", 2, has_currency=False)
    yield fabrikam.bill("partial", 31, "Dynamics 365", 4, state=PARTIAL, part=Decimal("0.5"), charge="Pending")

    yield _Desk(TAILSPIN_TOYS, TOYS_MAIN, today).bill("overdue", -2, "Microsoft 365", 5)
    yield _Desk(TAILSPIN_TOYS, TOYS_MAIN, today).bill("azure", 20, "Azure plan", 6)
    yield _Desk(TAILSPIN_TOYS, TOYS_MAIN, today).bill("partial", 28, "Teams Phone", 2, state=PARTIAL, part=Decimal("0.5"))
    yield _Desk(TAILSPIN_ROBOTICS, ROBOTICS_MAIN, today).bill("due", 6, "Azure plan", 8)
    yield _Desk(TAILSPIN_ROBOTICS, ROBOTICS_GULF, today).bill("gulf", 15, "Dynamics 365", 3)
    yield _Desk(LITWARE, LITWARE_MAIN, today).bill("due", 3, "Microsoft 365", 3)


def _hidden(today: date) -> Iterator[Bill]:
    """Yield what customers must not see: drafts, cancelled bills, and one in a status of the reseller's own."""
    main = _Desk(CONTOSO_LTD, CONTOSO_MAIN, today)
    yield main.bill("draft", 30, "Microsoft 365", 6, state=DRAFT, link=Link.MISSING)
    yield main.bill("cancelled", -40, "Azure plan", 4, state=CANCELLED)
    yield main.bill("collections", -95, "Professional services", 2, state=COLLECTIONS, charge="Failed")
    yield _Desk(CONTOSO_LTD, CONTOSO_EMEA, today).bill("draft-emea", 29, "Microsoft 365", 4, state=DRAFT, link=Link.MISSING)
    yield _Desk(FABRIKAM_GMBH, FABRIKAM_MAIN, today).bill("draft", 45, "Microsoft 365", 6, state=DRAFT, link=Link.MISSING)
    yield _Desk(FABRIKAM_GMBH, FABRIKAM_MAIN, today).bill("cancelled", -70, "Security", 2, state=CANCELLED)


def _history(today: date) -> Iterator[Bill]:
    """Yield the paid bills of two years: some every month, some every quarter."""
    desks = [
        (_Desk(CONTOSO_LTD, CONTOSO_MAIN, today), ("Microsoft 365", "Azure plan"), ("Dynamics 365", "Security")),
        (_Desk(CONTOSO_LTD, CONTOSO_EMEA, today), ("Microsoft 365",), ("Azure plan", "Teams Phone")),
        (_Desk(FABRIKAM_GMBH, FABRIKAM_MAIN, today), ("Microsoft 365", "Azure plan"), ("Professional services",)),
        (_Desk(TAILSPIN_TOYS, TOYS_MAIN, today), ("Microsoft 365",), ("Azure plan",)),
        (_Desk(TAILSPIN_ROBOTICS, ROBOTICS_MAIN, today), ("Azure plan",), ()),
        (_Desk(LITWARE, LITWARE_MAIN, today), (), ("Microsoft 365",)),
    ]
    for months_ago in range(2, MONTHS + 1):
        for desk, monthly, quarterly in desks:
            for sells in (*monthly, *(quarterly if months_ago % 3 == 0 else ())):
                yield desk.paid(sells, months_ago)


class _Desk:
    """Makes the bills of one contract."""

    def __init__(self, company: Company, contract: Contract, today: date) -> None:
        self._company = company
        self._contract = contract
        self._today = today

    def bill(self, key: str, days: int | None, sells: str, lines: int, **more: Field) -> Bill:
        """Return a bill that is due *days* from today; None: it has no due date."""
        due = None if days is None else self._today + timedelta(days)
        billed = min(due - timedelta(self._company.days) if due else self._today - timedelta(6), self._today)
        return Bill(f"{self._company.key}.{key}", self._company, self._contract, sells, billed, due, lines, **more)

    def paid(self, sells: str, months_ago: int) -> Bill:
        """Return a bill of the first of a past month that has been paid in full."""
        month = self._today.year * 12 + self._today.month - 1 - months_ago
        billed = date(month // 12, month % 12 + 1, 1)
        key = f"{self._contract.key}.{sells.lower().replace(' ', '-')}.{billed:%Y-%m}"
        lines = min(random.Random(f"lines.{key}").randint(1, 12), len(CATALOGUE[sells]))  # noqa: S311 - demo, not security
        due = billed + timedelta(self._company.days)
        part = None if months_ago % 7 == 0 else Decimal(1)  # Work 365 does not always say what was charged
        return Bill(key, self._company, self._contract, sells, billed, due, lines, COMPLETE, part, "Succeeded")
