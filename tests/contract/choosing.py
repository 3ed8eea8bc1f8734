"""The contract of Choosing. Give the fixture ``choosing``."""

from billing.access import AccountId, Person, TenantId
from billing.due import Notice, Wishes
from billing.ports_reminders import Choosing
from tests.make import ADA, CONTOSO, guid

_WISHES = Wishes(is_on=False, hour=0, days=(), business_days=True, silent=frozenset({Notice.PAID, Notice.ISSUED}))


class ChoosingContract:
    async def test_knows_the_default_of_who_has_chosen_nothing(self, choosing: Choosing) -> None:
        assert await choosing.wishes(ADA) == Wishes()

    async def test_keeps_what_was_chosen_last(self, choosing: Choosing) -> None:
        await choosing.wish(ADA, Wishes(hour=7, days=(-3, 0)))
        await choosing.wish(ADA, _WISHES)

        assert await choosing.wishes(ADA) == _WISHES

    async def test_keeps_tenants_apart(self, choosing: Choosing) -> None:
        await choosing.wish(ADA, _WISHES)

        assert await choosing.wishes(Person(TenantId(guid("elsewhere")), ADA.id)) == Wishes()

    async def test_knows_no_stages_of_a_company_that_has_none(self, choosing: Choosing) -> None:
        assert await choosing.stages(CONTOSO.id) is None
        assert await choosing.stages(AccountId(guid("nowhere"))) is None
