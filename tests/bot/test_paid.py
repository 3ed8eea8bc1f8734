"""After the payment: who is told, with the rights of that moment."""

from dataclasses import replace
from typing import Any

import pytest

from backends.postgres.conversations import PostgresConversations
from backends.postgres.database import Database
from backends.postgres.shown import PostgresShown
from billing.access import Caller, Person
from billing.errors import NoRole, NotSignedIn, Problem, SourceDown, Stale, UnknownPerson, UnknownTenant
from billing.invoice import Charge, State
from billing.pay import PayRule
from billing.people import Conversation
from bot.paid import PaidNotices
from cards.links import Links
from tests import make
from tests.bot.receiver import Receiver
from tests.clock import ChosenClock

OWED = make.invoice()
PAID = make.details(make.invoice(state=State.COMPLETE))
CLICKED = make.caller()


class Callers:
    """Answers with somebody's rights, or with why there are none."""

    def __init__(self, answer: Caller | Problem) -> None:
        self._answer = answer

    async def caller(self, person: Person) -> Caller:
        """Return the answer."""
        assert person == CLICKED.person
        if isinstance(self._answer, Problem):
            raise self._answer
        return self._answer


async def notices(receiver: Receiver, database: Database, now: Caller | Problem) -> PaidNotices:
    """Return the notices to a chat that shows the invoice, once its person's rights are *now*'s."""
    clock = ChosenClock()
    conversations, shown = PostgresConversations(database, clock), PostgresShown(database, clock)
    reference: dict[str, Any] = {"serviceUrl": receiver.url, "channelId": "msteams"}
    await conversations.save(Conversation(CLICKED.person, "a:1", reference, "en-US", "UTC"))
    await shown.note(CLICKED.person, OWED.id, "1:details")
    rule = PayRule(frozenset({"pay.example"}))
    return PaidNotices(Callers(now), conversations, shown, receiver.connector, Links("https://bot.example"), rule, clock)


class TestTell:
    async def test_draws_the_card_anew_and_confirms(self, receiver: Receiver, database: Database) -> None:
        told = await notices(receiver, database, CLICKED)

        await told.tell(CLICKED, OWED, PAID)

        assert [each.method for each in receiver.asked] == ["PUT", "POST"]
        assert receiver.asked[1].body["summary"] == "INV-10421 is paid in full. Thank you."

    async def test_draws_the_card_anew_without_a_word_where_nothing_is_known(self, receiver: Receiver, database: Database) -> None:
        told = await notices(receiver, database, CLICKED)

        await told.tell(CLICKED, OWED, make.details(replace(OWED, charge=Charge.SUCCEEDED)))

        assert [each.method for each in receiver.asked] == ["PUT"]

    async def test_confirms_while_another_company_of_theirs_is_chosen(self, receiver: Receiver, database: Database) -> None:
        now = replace(CLICKED, company=make.FABRIKAM, companies=(make.CONTOSO, make.FABRIKAM))
        told = await notices(receiver, database, now)

        await told.tell(CLICKED, OWED, PAID)

        assert len(receiver.asked) == 2

    @pytest.mark.parametrize(
        "now",
        [NotSignedIn(), UnknownTenant(), UnknownPerson(), NoRole(), make.caller(company=make.FABRIKAM)],
        ids=lambda now: type(now).__name__,
    )
    async def test_shows_nothing_to_somebody_who_may_no_longer_see_it(
        self, receiver: Receiver, database: Database, now: Caller | Problem
    ) -> None:
        told = await notices(receiver, database, now)

        await told.tell(CLICKED, OWED, PAID)

        assert not receiver.asked

    @pytest.mark.parametrize("down", [SourceDown(), Stale()], ids=lambda down: type(down).__name__)
    async def test_shows_nothing_while_nobody_knows_the_rights(self, receiver: Receiver, database: Database, down: Problem) -> None:
        told = await notices(receiver, database, down)

        with pytest.raises(type(down)):
            await told.tell(CLICKED, OWED, PAID)

        assert not receiver.asked
