"""The contract of Outbox, as far as it can be told without the mirror. Give the fixture ``outbox``."""

from datetime import timedelta

from billing.ports_reminders import Outbox
from billing.reminding import Ended, MessageId
from tests.make import ADA, NOW

_LONG = timedelta(hours=5)


class OutboxContract:
    async def test_has_nothing_to_send_where_nothing_is_planned(self, outbox: Outbox) -> None:
        assert await outbox.tenants(NOW) == []
        assert await outbox.waiting(ADA.tenant, NOW, 10) == []

    async def test_pauses_as_long_as_it_is_asked_but_no_longer_than_an_hour(self, outbox: Outbox) -> None:
        asked = [await outbox.pause(ADA.tenant, NOW, each) for each in (timedelta(seconds=30), _LONG)]

        assert asked == [timedelta(seconds=30), timedelta(hours=1)]

    async def test_pauses_longer_at_each_failure_in_a_row_up_to_minutes(self, outbox: Outbox) -> None:
        pauses = [await outbox.pause(ADA.tenant, NOW, None) for _ in range(12)]

        assert pauses[0] < pauses[3] < pauses[6]
        assert max(pauses) <= timedelta(minutes=7)

    async def test_ends_nothing_where_nothing_was_claimed(self, outbox: Outbox) -> None:
        await outbox.end(Ended(MessageId(1), "planned", "", NOW))

        assert await outbox.tenants(NOW) == []
