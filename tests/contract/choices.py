"""The contract of Choices. Give the fixture ``choices``."""

from billing.access import Person, TenantId
from billing.ports import Choices
from tests.make import ADA, CONTOSO, FABRIKAM, guid


class ChoicesContract:
    async def test_knows_no_choice_at_first(self, choices: Choices) -> None:
        assert await choices.get(ADA) is None

    async def test_keeps_the_last_choice(self, choices: Choices) -> None:
        await choices.choose(ADA, CONTOSO.id)
        await choices.choose(ADA, FABRIKAM.id)

        assert await choices.get(ADA) == FABRIKAM.id

    async def test_keeps_it_for_the_person_in_that_tenant_alone(self, choices: Choices) -> None:
        await choices.choose(ADA, CONTOSO.id)

        assert await choices.get(Person(TenantId(guid("elsewhere")), ADA.id)) is None
