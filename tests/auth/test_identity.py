"""The one place where an account is granted, rule by rule."""

from dataclasses import replace
from datetime import timedelta

import pytest

from auth.identity import Identity, IdentityRule
from billing.access import AccountId, Caller, ContactId, Person, Role
from billing.errors import NoRole, Problem, Stale, UnknownPerson, UnknownTenant
from billing.people import Membership, Session, Standing
from tests.clock import ChosenClock
from tests.make import ADA, CONTOSO, FABRIKAM, NOW, guid

RULE = IdentityRule(
    {Role.ADMINISTRATOR: ("Billing Admin",), Role.FINANCE_MANAGER: ()},
    by_email=False,
    by_app_roles=False,
    max_staleness=timedelta(minutes=15),
)
SESSION = Session(ADA, "ada@contoso.example", "Ada Lindqvist", NOW, frozenset(), b"")


class Directory:
    """Knows one person.

    asked  the mail address of each question
    """

    def __init__(self, standing: Standing) -> None:
        self.known = standing
        self.asked: list[str | None] = []

    async def standing(self, person: Person, email: str | None) -> Standing:  # noqa: ARG002 - the port asks for it
        """Return what is known."""
        self.asked.append(email)
        return self.known


def member(*roles: str, account: str = CONTOSO.id, name: str = CONTOSO.name) -> Membership:
    """Return a contact with web roles."""
    return Membership(AccountId(account), name, ContactId(guid("contact")), "A. Lindqvist", frozenset(roles))


def standing(*members: Membership, accounts: int = 1) -> Standing:
    """Return a standing of right now."""
    return Standing(accounts, members, NOW)


async def callers(known: Standing, rule: IdentityRule = RULE, session: Session = SESSION) -> tuple[Caller, ...]:
    """Return who asks."""
    return await Identity(Directory(known), rule, ChosenClock()).callers(session)


class TestRoles:
    @pytest.mark.parametrize(
        "name",
        [
            "Work 365 Administrator",
            "Work365 Administrator",
            "work365administrator",
            " WORK 365  ADMINISTRATOR ",
            "Work\u00a0365 Administrator",
            "Billing Admin",
        ],
    )
    async def test_open_invoices_however_they_are_spelled(self, name: str) -> None:
        (caller,) = await callers(standing(member(name, "Authenticated Users")))

        assert caller.roles == {Role.ADMINISTRATOR}
        assert caller.company == CONTOSO
        assert caller.name == "Ada Lindqvist"

    async def test_of_both_kinds_are_both_held(self) -> None:
        (caller,) = await callers(standing(member("Work 365 Finance Manager", "Work 365 Administrator")))

        assert caller.roles == frozenset(Role)

    @pytest.mark.parametrize(
        "names",
        [
            (),
            ("Authenticated Users",),
            ("Work 365 Subscription Manager",),
            ("Work 365 Internal User",),
            ("Work 365 Subscription Manager", "Work 365 Internal User"),
            ("Administrator", "Finance Manager"),
            ("Work 365 Administrator (test)",),
            ("",),
        ],
    )
    async def test_of_other_names_open_nothing(self, names: tuple[str, ...]) -> None:
        with pytest.raises(NoRole):
            await callers(standing(member(*names)))

    async def test_come_from_entra_where_the_operator_says_so(self) -> None:
        rule = replace(RULE, by_app_roles=True)
        session = replace(SESSION, app_roles=frozenset({"Work365 Finance Manager"}))

        (caller,) = await callers(standing(member()), rule, session)

        assert caller.roles == {Role.FINANCE_MANAGER}
        with pytest.raises(NoRole):
            await callers(standing(member("Work 365 Administrator")), rule)


class TestCompanies:
    async def test_are_those_in_which_a_role_is_held(self) -> None:
        theirs = member("Work 365 Administrator", account=FABRIKAM.id, name=FABRIKAM.name)

        found = await callers(standing(member(), theirs, accounts=2))

        assert [each.company for each in found] == [FABRIKAM]

    async def test_are_offered_to_one_another_with_the_roles_of_each(self) -> None:
        theirs = member("Work365 Finance Manager", account=FABRIKAM.id, name=FABRIKAM.name)

        found = await callers(standing(member("Work 365 Administrator"), theirs, accounts=2))

        assert [(each.company, each.roles) for each in found] == [(CONTOSO, {Role.ADMINISTRATOR}), (FABRIKAM, {Role.FINANCE_MANAGER})]
        assert {each.companies for each in found} == {(CONTOSO, FABRIKAM)}


class TestRefusal:
    @pytest.mark.parametrize(
        ("known", "error"),
        [
            pytest.param(standing(accounts=0), UnknownTenant, id="tenant of no customer"),
            pytest.param(standing(), UnknownPerson, id="no contact"),
            pytest.param(standing(member()), NoRole, id="no role"),
            pytest.param(Standing(1, (member("Work 365 Administrator"),), None), Stale, id="never synchronized"),
            pytest.param(Standing(1, (member("Work 365 Administrator"),), NOW - timedelta(minutes=15, seconds=1)), Stale, id="too old"),
            pytest.param(Standing(0, (), NOW - timedelta(days=1)), Stale, id="too old to say that nobody is known"),
        ],
    )
    async def test_says_what_is_missing(self, known: Standing, error: type[Problem]) -> None:
        with pytest.raises(error):
            await callers(known)

    async def test_comes_only_after_the_last_moment(self) -> None:
        (caller,) = await callers(Standing(1, (member("Work 365 Administrator"),), NOW - timedelta(minutes=15)))

        assert caller.as_of == NOW - timedelta(minutes=15)


class TestEmail:
    @pytest.mark.parametrize(("by_email", "asked"), [(True, SESSION.upn), (False, None)])
    async def test_counts_only_where_the_operator_says_so(self, by_email: bool, asked: str | None) -> None:  # noqa: FBT001 - a parameter
        directory = Directory(standing(member("Work 365 Administrator")))

        await Identity(directory, replace(RULE, by_email=by_email), ChosenClock()).callers(SESSION)

        assert directory.asked == [asked]
