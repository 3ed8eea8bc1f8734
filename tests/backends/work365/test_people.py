"""Rights come, move and go at the next pass, also those that go without a trace."""

import pytest

from tests.backends.work365.copying import Copy
from tests.backends.work365.partner import (
    FINANCE_MANAGER,
    Partner,
)
from tests.make import ADA, CONTOSO, FABRIKAM, guid


class TestRights:
    @pytest.fixture(autouse=True)
    async def ada(self, partner: Partner, copy: Copy) -> None:
        """Let Ada see Contoso's invoices."""
        partner.customer()
        partner.contact("ada")
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
        tie = {"adx_webrole_accountid": guid("role.contoso"), "accountid": CONTOSO.id, "adx_webroleid": FINANCE_MANAGER}
        partner.table("adx_webrole_accountset").put(tie)

        await copy.run()

        (membership,) = await copy.memberships()
        assert membership.roles == {"Work365 Finance Manager"}
