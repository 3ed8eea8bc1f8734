"""The one place where an account is granted: (tenant, person) in, Caller out, for chat, pages and reminders alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from billing.access import Caller, Company, Role
from billing.errors import NoRole, Stale, UnknownPerson, UnknownTenant
from billing.people import Membership, Session
from billing.ports import Clock, Directory


@dataclass(frozen=True, slots=True)
class IdentityRule:
    """How the operator binds people to contacts.

    roles            Work 365's names in this environment, for each role; compared without spaces and case
    by_email         whether a contact whose mail address is the person's UPN counts as well
    by_app_roles     whether roles come from our own app registration in Entra instead of Work 365
    max_staleness    older rights than this are not believed
    """

    roles: Mapping[Role, tuple[str, ...]]
    by_email: bool
    by_app_roles: bool
    max_staleness: timedelta


class Identity:
    """Turns a person whom Entra has vouched for into Callers, from the mirror, at every request."""

    def __init__(self, directory: Directory, rule: IdentityRule, clock: Clock) -> None:
        self._directory = directory
        self._rule = rule
        self._clock = clock
        self._spelled = {_plain(name): role for role, names in rule.roles.items() for name in (role.value, *names)}

    async def callers(self, session: Session) -> tuple[Caller, ...]:
        """Return who is asking, once for each company they may act for, never none.

        Raises UnknownTenant, UnknownPerson, NoRole, Stale, SourceDown.
        """
        person = session.person
        standing = await self._directory.standing(person, session.upn if self._rule.by_email else None)
        as_of = standing.as_of
        if as_of is None or self._clock() - as_of > self._rule.max_staleness:
            raise Stale(as_of=as_of)
        if not standing.accounts:
            raise UnknownTenant(tenant=person.tenant)
        if not standing.memberships:
            raise UnknownPerson(person=person.hashed)
        held = self.held(standing.memberships, session.app_roles)
        if not held:
            raise NoRole(person=person.hashed)
        name, companies = session.name or standing.memberships[0].contact_name, tuple(held)
        return tuple(Caller(person, name, company, companies, roles, as_of) for company, roles in held.items())

    def held(self, memberships: Sequence[Membership], app_roles: frozenset[str]) -> dict[Company, frozenset[Role]]:
        """Return the companies in which a role opens invoices; every other web role gives nothing here."""
        held: dict[Company, frozenset[Role]] = {}
        for each in memberships:
            names = app_roles if self._rule.by_app_roles else each.roles
            roles = frozenset(self._spelled[_plain(name)] for name in names if _plain(name) in self._spelled)
            company = Company(each.account, each.account_name)
            if roles:
                held[company] = held.get(company, frozenset()) | roles
        return held


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()
