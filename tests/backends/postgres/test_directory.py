"""The Directory of PostgreSQL opens an account under three conditions, and under no fewer."""

from dataclasses import replace

import pytest

from backends.postgres.database import Database
from backends.postgres.directory import PostgresDirectory
from backends.postgres.mirror import Mirror
from backends.rows import ContactRow, RoleRow, Table
from billing.access import BILLING, ContactId, Person, PersonId, TenantId
from billing.errors import Malformed
from billing.people import Membership, Standing
from tests import rows
from tests.make import ADA, CONTOSO, FABRIKAM, NOW, guid

MAIL = "ada@contoso.example"
NOBODY = Person(ADA.tenant, PersonId(guid("nobody")))
CONTACT = rows.contact()


@pytest.fixture
async def directory(database: Database, mirror: Mirror) -> PostgresDirectory:
    await rows.put_ada(mirror)
    return PostgresDirectory(database)


async def put_contact(mirror: Mirror, contact: ContactRow) -> None:
    async with mirror.writing() as batch:
        await batch.put_contacts([contact])


class TestStanding:
    async def test_knows_a_person_by_the_external_identity(self, directory: PostgresDirectory) -> None:
        standing = await directory.standing(ADA, None)

        roles = frozenset(role.value for role in BILLING)
        assert standing == Standing(1, (Membership(CONTOSO.id, CONTOSO.name, ContactId(CONTACT.id), CONTACT.name, roles),), NOW)

    async def test_compares_ids_without_case(self, directory: PostgresDirectory, mirror: Mirror) -> None:
        async with mirror.writing() as batch:
            await batch.replace_identities([rows.identity(CONTACT, ADA.id.upper())])
        shouting = Person(TenantId(ADA.tenant.upper()), PersonId(ADA.id.upper()))

        assert len((await directory.standing(ADA, None)).memberships) == 1
        assert len((await directory.standing(shouting, None)).memberships) == 1

    async def test_does_not_know_the_same_id_in_another_tenant(self, directory: PostgresDirectory) -> None:
        assert await directory.standing(Person(TenantId(guid("elsewhere")), ADA.id), MAIL) == Standing(0, (), NOW)

    async def test_knows_a_person_by_mail_address_where_asked(self, directory: PostgresDirectory) -> None:
        with_mail = await directory.standing(NOBODY, MAIL.upper())
        without = await directory.standing(NOBODY, None)

        assert [member.contact for member in with_mail.memberships] == [CONTACT.id]
        assert without == Standing(1, (), NOW)

    @pytest.mark.parametrize("mail", ["", " ", "%", "_da@contoso.example", "ada@contoso.example ", "\u212b@contoso.example"])
    async def test_takes_no_other_mail_address(self, directory: PostgresDirectory, mirror: Mirror, mail: str) -> None:
        await put_contact(mirror, replace(CONTACT, id=guid("no mail"), email=""))
        await put_contact(mirror, replace(CONTACT, id=guid("angstrom"), email="å@contoso.example"))

        assert (await directory.standing(NOBODY, mail)).memberships == ()

    async def test_counts_a_contact_once_that_is_known_both_ways(self, directory: PostgresDirectory) -> None:
        assert len((await directory.standing(ADA, MAIL)).memberships) == 1

    @pytest.mark.parametrize("change", [{"active": False}, {"account": None}, {"account": FABRIKAM.id}])
    async def test_shuts_out_a_contact(self, directory: PostgresDirectory, mirror: Mirror, change: dict[str, object]) -> None:
        await put_contact(mirror, replace(CONTACT, **change))  # pyright: ignore[reportArgumentType]

        assert (await directory.standing(ADA, MAIL)).memberships == ()

    async def test_shuts_out_a_contact_that_was_deleted(self, directory: PostgresDirectory, mirror: Mirror) -> None:
        async with mirror.writing() as batch:
            await batch.remove(Table.CONTACTS, [CONTACT.id])

        assert (await directory.standing(ADA, MAIL)).memberships == ()

    async def test_shuts_out_everybody_while_the_account_is_missing(self, directory: PostgresDirectory, mirror: Mirror) -> None:
        async with mirror.writing() as batch:
            await batch.remove(Table.ACCOUNTS, [CONTOSO.id])

        assert await directory.standing(ADA, MAIL) == Standing(0, (), NOW)

    async def test_lists_every_account_of_the_tenant(self, directory: PostgresDirectory, mirror: Mirror) -> None:
        second = rows.contact("Ada, Fabrikam", account=FABRIKAM.id)
        async with mirror.writing() as batch:
            await batch.put_accounts([rows.account(FABRIKAM.id, "A first name")])
            await batch.replace_provider_accounts([rows.tie(), rows.tie(account_=FABRIKAM.id)])
            await batch.put_contacts([second])
            await batch.replace_identities([rows.identity(CONTACT), rows.identity(second)])

        standing = await directory.standing(ADA, None)

        assert standing.accounts == 2
        assert [member.account for member in standing.memberships] == [FABRIKAM.id, CONTOSO.id]
        assert standing.memberships[0].roles == frozenset()

    async def test_adds_the_roles_of_the_account(self, directory: PostgresDirectory, mirror: Mirror) -> None:
        async with mirror.writing() as batch:
            await batch.replace_contact_roles([RoleRow(CONTACT.id, "One"), RoleRow(guid("somebody else"), "Not mine")])
            await batch.replace_account_roles([RoleRow(CONTOSO.id, "Two"), RoleRow(CONTOSO.id, "One"), RoleRow(FABRIKAM.id, "Not ours")])

        assert (await directory.standing(ADA, None)).memberships[0].roles == {"One", "Two"}

    async def test_knows_nothing_before_the_first_sync(self, database: Database) -> None:
        assert await PostgresDirectory(database).standing(ADA, MAIL) == Standing(0, (), None)

    async def test_refuses_text_that_cannot_be_a_name(self, directory: PostgresDirectory) -> None:
        with pytest.raises(Malformed):
            await directory.standing(ADA, "ada\0@contoso.example")
