"""Rights come, move and go at the next pass, also those that go without a trace."""

from datetime import timedelta

import pytest

from sandbox.faults import Fault
from tests.backends.work365.copying import Copy
from tests.backends.work365.partner import Partner
from tests.make import ADA, CONTOSO, FABRIKAM, guid


class TestRights:
    @pytest.fixture(autouse=True)
    async def ada(self, partner: Partner, copy: Copy) -> None:
        """Let Ada see Contoso's invoices, and Nora Fabrikam's."""
        partner.customer()
        partner.contact("ada")
        partner.customer(FABRIKAM.id, guid("tenant.fabrikam"))
        partner.contact("nora", guid("nora"), FABRIKAM.id)
        await copy.run()
        assert await copy.memberships()

    async def test_loses_a_role_without_any_trace_in_the_contact(self, partner: Partner, copy: Copy) -> None:
        partner.table("adx_webrole_contactset").remove(guid("role.ada"))

        await copy.run()

        assert not any(membership.roles for membership in await copy.memberships())

    async def test_moves_an_identity_to_another_contact(self, partner: Partner, copy: Copy) -> None:
        other = partner.contact("ada.new", guid("somebody"), role=False)

        partner.table("adx_externalidentities").change(guid("identity.ada"), _adx_contactid_value=other)
        await copy.run()

        (membership,) = await copy.memberships()
        assert (membership.contact, membership.roles) == (other, frozenset())

    async def test_loses_a_deleted_identity(self, partner: Partner, copy: Copy) -> None:
        partner.table("adx_externalidentities").remove(guid("identity.ada"))

        await copy.run()

        assert not await copy.memberships()

    async def test_loses_a_tenant_that_was_untied(self, partner: Partner, copy: Copy) -> None:
        partner.table("work365_provideraccounts").remove(guid(f"tie.{CONTOSO.id}.{ADA.tenant}"))

        await copy.run()

        assert not await copy.memberships()

    @pytest.mark.parametrize(
        "table_and_key",
        [
            ("contacts", "contact.ada"),
            ("adx_externalidentities", "identity.ada"),
            ("work365_provideraccounts", f"tie.{CONTOSO.id}.{ADA.tenant}"),
        ],
        ids=["contact", "identity", "tenant"],
    )
    async def test_counts_only_what_is_active(self, partner: Partner, copy: Copy, table_and_key: tuple[str, str]) -> None:
        table, key = table_and_key

        partner.table(table).change(guid(key), statecode=1)
        await copy.run()

        assert not await copy.memberships()

    async def test_follows_a_contact_to_another_company(self, partner: Partner, copy: Copy) -> None:
        partner.table("contacts").change(guid("contact.ada"), _parentcustomerid_value=FABRIKAM.id)

        await copy.run()

        assert not await copy.memberships()

    async def test_counts_a_role_on_the_account(self, partner: Partner, copy: Copy) -> None:
        partner.table("adx_webrole_contactset").remove(guid("role.ada"))
        partner.role_of_account()

        await copy.run()

        (membership,) = await copy.memberships()
        assert membership.roles == {"Work365 Finance Manager"}

    async def test_loses_a_role_on_the_account_at_the_next_pass(self, partner: Partner, copy: Copy) -> None:
        partner.table("adx_webrole_contactset").remove(guid("role.ada"))
        partner.role_of_account()
        await copy.run()

        partner.table("adx_webrole_accountset").remove(guid("role.contoso"))
        await copy.another(slow_every=timedelta(days=1)).run()

        (membership,) = await copy.memberships()
        assert membership.roles == frozenset()

    async def test_loses_a_deleted_contact_at_the_next_pass(self, partner: Partner, copy: Copy) -> None:
        partner.table("contacts").remove(guid("contact.ada"))

        changes = await copy.run()

        assert not await copy.memberships()
        assert changes.counts["deleted contacts"] == 1

    async def test_does_not_trust_a_page_that_skipped_a_contact(self, partner: Partner, copy: Copy) -> None:
        nora = {"contactid": guid("contact.nora"), "statecode": 0, "adx_webrole_contact": [{"adx_name": "Work365 Finance Manager"}]}
        partner.world.faults.add(Fault("dataverse", "contacts?", status=200, body={"value": [nora]}))

        changes = await copy.run()

        (membership,) = await copy.memberships()
        assert (membership.contact, changes.counts["deleted contacts"]) == (guid("contact.ada"), 0)
