"""Who asks, and what they may do: every use case takes a Caller first."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from billing.errors import NoRole, UnknownPerson

TenantId = NewType("TenantId", str)
"""An Entra tenant id (``tid``): a GUID in lower case."""

PersonId = NewType("PersonId", str)
"""An Entra object id (``oid``): a GUID in lower case. Means something only together with its tenant."""

AccountId = NewType("AccountId", str)
"""A Dataverse account id: a GUID in lower case. The wall between companies runs along it."""

ContactId = NewType("ContactId", str)
"""A Dataverse contact id: a GUID in lower case."""


class Role(StrEnum):
    """The roles that open invoices, as Work 365 spells them."""

    ADMINISTRATOR = "Work 365 Administrator"
    FINANCE_MANAGER = "Work365 Finance Manager"


BILLING: frozenset[Role] = frozenset(Role)
"""The permission to see the company's invoices: either role gives it."""


@dataclass(frozen=True, slots=True)
class Person:
    """One human in one Entra tenant; the same human in another tenant is another Person."""

    tenant: TenantId
    id: PersonId

    @classmethod
    def parse(cls, tenant: object, oid: object) -> "Person":
        """Return the person of an Entra tenant id and object id. Raises UnknownPerson where either is no GUID."""
        try:
            return cls(TenantId(str(UUID(str(tenant)))), PersonId(str(UUID(str(oid)))))
        except ValueError:
            raise UnknownPerson(reason="no GUID") from None

    @property
    def hashed(self) -> str:
        """A short, stable stand-in for logs, which must not name people."""
        return hashlib.sha256(f"{self.tenant}/{self.id}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Company:
    """An account that the caller may act for."""

    id: AccountId
    name: str


@dataclass(frozen=True, slots=True)
class Caller:
    """A person whose company and roles have been established for this one request.

    company    the account whose invoices are meant
    companies  every account that the person may switch to, ``company`` among them
    roles      what the person holds in ``company``
    as_of      when the rights and the invoices were last known to be right (aware, UTC)
    """

    person: Person
    name: str
    company: Company
    companies: tuple[Company, ...]
    roles: frozenset[Role]
    as_of: datetime

    @property
    def account(self) -> AccountId:
        """The account that is meant; of the other ``companies`` only an invoice that is named may be looked for."""
        return self.company.id

    def require(self, permission: frozenset[Role]) -> None:
        """Raise NoRole unless the caller holds one of the roles in *permission*."""
        if not self.roles & permission:
            raise NoRole(account=self.account, person=self.person.hashed)
