"""A caller is somebody whom Entra has confirmed and whom the mirror gives a role; a choice of company grants nothing."""

from datetime import timedelta

import pytest
from aiohttp import ClientSession

from auth.callers import ConfirmedCallers
from auth.identity import Identity, IdentityRule
from backends.postgres.choices import PostgresChoices
from backends.postgres.database import Database
from backends.postgres.directory import PostgresDirectory
from backends.postgres.mirror import Mirror
from backends.rows import RoleRow, Table
from billing.access import AccountId, Person, Role
from billing.errors import NoRole, NotFound, NotSignedIn
from tests import rows
from tests.auth.clouds import Clouds
from tests.auth.parts import FINN, Parts, whom
from tests.clock import ShiftedClock
from tests.make import CONTOSO, FABRIKAM, guid

ME = whom(FINN)
OURS = {CONTOSO.id: rows.contact("Finn"), FABRIKAM.id: rows.contact("Finn, too", account=FABRIKAM.id)}


@pytest.fixture
def parts(clouds: Clouds, database: Database, http: ClientSession, clock: ShiftedClock) -> Parts:
    return Parts(clouds, database, http, clock)


@pytest.fixture
async def callers(parts: Parts, mirror: Mirror) -> ConfirmedCallers:
    """Return callers, with Finn signed in and an administrator of two companies of his tenant."""
    async with mirror.writing() as batch:
        await batch.put_accounts([rows.account(), rows.account(FABRIKAM.id, FABRIKAM.name)])
        await batch.put_contacts(list(OURS.values()))
        await batch.replace_provider_accounts([rows.tie(ME.tenant, each) for each in OURS])
        await batch.replace_identities([rows.identity(each, ME.id) for each in OURS.values()])
        await batch.replace_contact_roles([RoleRow(each.id, Role.ADMINISTRATOR) for each in OURS.values()])
        await batch.mark_complete(parts.clock())
    rule = IdentityRule({Role.ADMINISTRATOR: ()}, by_email=False, by_app_roles=False, max_staleness=timedelta(days=1))
    directory = PostgresDirectory(parts.database)
    return ConfirmedCallers(await parts.signed_in(), Identity(directory, rule, parts.clock), PostgresChoices(parts.database))


class TestCaller:
    async def test_acts_for_the_first_company_until_another_is_chosen(self, callers: ConfirmedCallers) -> None:
        first = await callers.caller(ME)
        switched = await callers.switch(ME, FABRIKAM.id)

        assert (first.account, switched.account) == (CONTOSO.id, FABRIKAM.id)
        assert await callers.caller(ME) == switched
        assert {each.id for each in first.companies} == set(OURS)

    async def test_falls_back_when_the_chosen_company_is_lost(self, callers: ConfirmedCallers, mirror: Mirror) -> None:
        await callers.switch(ME, FABRIKAM.id)

        async with mirror.writing() as batch:
            await batch.remove(Table.CONTACTS, [OURS[FABRIKAM.id].id])

        assert (await callers.caller(ME)).account == CONTOSO.id

    async def test_loses_everything_with_the_last_role(self, callers: ConfirmedCallers, mirror: Mirror) -> None:
        async with mirror.writing() as batch:
            await batch.replace_contact_roles([])

        with pytest.raises(NoRole):
            await callers.caller(ME)

    async def test_has_signed_in(self, callers: ConfirmedCallers) -> None:
        with pytest.raises(NotSignedIn):
            await callers.caller(Person.parse(ME.tenant, guid("somebody else")))


class TestSwitch:
    @pytest.mark.parametrize("account", [guid("not ours"), ""])
    async def test_leads_into_no_company_of_others(self, callers: ConfirmedCallers, account: str) -> None:
        with pytest.raises(NotFound):
            await callers.switch(ME, AccountId(account))

        assert (await callers.caller(ME)).account == CONTOSO.id

    async def test_is_only_for_somebody_who_has_signed_in(self, callers: ConfirmedCallers) -> None:
        with pytest.raises(NotSignedIn):
            await callers.switch(Person.parse(ME.tenant, guid("somebody else")), CONTOSO.id)
