"""Who asks, and what they may do."""

from dataclasses import replace

import pytest

from billing.access import BILLING, Person, Role
from billing.errors import NoRole, UnknownPerson
from tests.make import ADA, CONTOSO, caller, guid


class TestPerson:
    def test_is_the_same_however_the_ids_are_written(self) -> None:
        assert Person.parse(ADA.tenant.upper(), f"{{{ADA.id}}}") == ADA

    @pytest.mark.parametrize("wrong", [None, "", "ada", "../x", 5, [], {}, ADA.tenant + "0", "\ud800", f"{ADA.id}' or 1=1"], ids=ascii)
    def test_needs_two_guids(self, wrong: object) -> None:
        with pytest.raises(UnknownPerson):
            Person.parse(wrong, ADA.id)
        with pytest.raises(UnknownPerson):
            Person.parse(ADA.tenant, wrong)

    def test_is_another_one_in_another_tenant(self) -> None:
        elsewhere = Person.parse(guid("elsewhere"), ADA.id)

        assert elsewhere != ADA
        assert elsewhere.hashed != ADA.hashed

    def test_hides_in_logs(self) -> None:
        assert len(ADA.hashed) == 12
        assert ADA.hashed not in f"{ADA.tenant}/{ADA.id}"
        assert ADA.hashed == Person.parse(ADA.tenant, ADA.id).hashed


class TestCaller:
    def test_may_touch_the_own_account_alone(self) -> None:
        assert caller().account == CONTOSO.id

    @pytest.mark.parametrize("roles", [[Role.ADMINISTRATOR], [Role.FINANCE_MANAGER], list(Role)], ids=" and ".join)
    def test_sees_invoices_with_either_role(self, roles: list[Role]) -> None:
        caller(*roles).require(BILLING)

    def test_sees_none_without_a_role(self) -> None:
        with pytest.raises(NoRole) as refused:
            replace(caller(), roles=frozenset()).require(BILLING)
        assert ADA.id not in str(refused.value)

    def test_sees_none_with_the_wrong_role(self) -> None:
        with pytest.raises(NoRole):
            caller(Role.FINANCE_MANAGER).require(frozenset({Role.ADMINISTRATOR}))
