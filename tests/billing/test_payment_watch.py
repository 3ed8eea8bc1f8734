"""After the click: one look every few seconds, one nudge to the chats for each change."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from billing.access import AccountId
from billing.errors import NotFound, Problem, SourceDown
from billing.invoice import Charge, Details, InvoiceId, State
from billing.payment_watch import EACH, EVERY_S, LOOKS, PaymentWatch
from tests import make

BILL = make.details(make.invoice())
INVOICE = BILL.invoice
PAID = make.details(make.invoice(state=State.COMPLETE))
PART = make.details(make.invoice(state=State.PARTIAL, charged=make.money("1000.00")))
DEBITED = make.details(make.invoice(charge=Charge.PENDING))
DECLINED = make.details(make.invoice(charge=Charge.FAILED))


class Work365:
    """What Work 365 answers, look by look; the last answer stays."""

    def __init__(self, *answers: Details | Problem) -> None:
        self._answers = list(answers)
        self.asked: list[AccountId] = []
        self.looked_at: list[InvoiceId] = []

    async def now(self, account: AccountId, held: Details) -> Details:
        """Return or raise the next answer."""
        self.looked_at.append(held.invoice.id)
        self.asked.append(account)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Problem):
            raise answer
        return replace(answer, invoice=replace(answer.invoice, id=held.invoice.id, number=held.invoice.number))


class Mirror:
    """Counts what it is told to copy; fails as often as told."""

    def __init__(self, failures: int = 0) -> None:
        self.copied: list[InvoiceId] = []
        self._failures = failures

    async def copy(self, invoice: InvoiceId) -> None:
        """Copy. Raises SourceDown."""
        if self._failures:
            self._failures -= 1
            raise SourceDown(source="test")
        self.copied.append(invoice)


class Story:
    """A watch whose time passes as soon as it waits."""

    def __init__(self, *answers: Details | Problem, failures: int = 0) -> None:
        self.work365 = Work365(*answers)
        self.mirror = Mirror(failures)
        self.nudges = 0
        self.waited_s = 0.0
        self.watch = PaymentWatch(self.work365, self.mirror, self._nudge, self._sleep)

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Let the watch go on until something is so."""
        for _ in range(10_000):
            if is_so():
                return
            await asyncio.sleep(0)
        raise TimeoutError

    async def ended(self) -> None:
        """Wait until nothing is watched any more."""
        await self.until(lambda: len(asyncio.all_tasks()) == 1)

    def _nudge(self) -> None:
        self.nudges += 1

    async def _sleep(self, seconds: float) -> None:
        self.waited_s += seconds
        await asyncio.sleep(0)


class TestWatch:
    async def test_has_chats_follow_once_it_is_paid_and_looks_no_further(self) -> None:
        story, caller = Story(BILL, BILL, PAID), make.caller()

        story.watch.begin(caller, BILL)
        await story.ended()

        assert story.nudges == 1
        assert story.mirror.copied == [INVOICE.id]
        assert story.waited_s == 3 * EVERY_S
        assert set(story.work365.asked) == {caller.account}

    @pytest.mark.parametrize("meanwhile", [DEBITED, DECLINED, PART], ids=["debited", "declined", "part"])
    async def test_tells_of_what_happens_on_the_way_once_and_goes_on_until_it_is_paid(self, meanwhile: Details) -> None:
        story = Story(BILL, meanwhile, meanwhile, PAID)

        story.watch.begin(make.caller(), BILL)
        await story.ended()

        assert story.nudges == 2
        assert story.mirror.copied == [INVOICE.id, INVOICE.id]

    async def test_gives_up_after_some_minutes(self) -> None:
        story = Story(BILL)

        story.watch.begin(make.caller(), BILL)
        await story.until(lambda: len(story.work365.asked) == LOOKS)
        await story.watch.close()

        assert story.waited_s == LOOKS * EVERY_S
        assert not story.nudges

    async def test_goes_on_looking_while_work365_is_down(self) -> None:
        story = Story(SourceDown(), SourceDown(), PAID)

        story.watch.begin(make.caller(), BILL)
        await story.until(lambda: story.nudges == 1)

        assert story.mirror.copied == [INVOICE.id]

    async def test_tells_nobody_before_the_mirror_knows(self) -> None:
        story = Story(PAID, failures=2)

        story.watch.begin(make.caller(), BILL)
        await story.until(lambda: story.nudges == 1)

        assert story.mirror.copied == [INVOICE.id]

    async def test_takes_a_withdrawn_invoice_out_of_the_mirror(self) -> None:
        story = Story(NotFound())

        story.watch.begin(make.caller(), BILL)
        await story.until(lambda: bool(story.mirror.copied))
        await story.watch.close()

        assert story.mirror.copied == [INVOICE.id]
        assert story.nudges == 1

    async def test_watches_once_however_often_somebody_clicks(self) -> None:
        story = Story(PAID)

        for _ in range(20):
            story.watch.begin(make.caller(), BILL)
        await story.ended()

        assert story.nudges == 1

    async def test_watches_a_few_payments_of_one_person_and_lets_the_first_go(self) -> None:
        story = Story(BILL)
        bills = [make.details(make.invoice(f"INV-{number}")) for number in range(EACH + 2)]

        for bill in bills:
            story.watch.begin(make.caller(), bill)
        await story.until(lambda: len(story.work365.looked_at) >= 4 * EACH)
        await story.watch.close()

        assert set(story.work365.looked_at) == {bill.invoice.id for bill in bills[2:]}

    async def test_refreshes_once_however_often_somebody_clicks(self) -> None:
        story = Story(BILL)

        for _ in range(20):
            story.watch.refresh(INVOICE.id)
        await story.ended()

        assert story.mirror.copied == [INVOICE.id]
        assert story.nudges == 1

    async def test_leaves_chats_alone_while_work365_does_not_answer(self) -> None:
        story = Story(BILL, failures=1)

        story.watch.refresh(INVOICE.id)
        await story.ended()

        assert not story.nudges

    async def test_leaves_nothing_running(self) -> None:
        story = Story(BILL)
        story.watch.begin(make.caller(), BILL)
        story.watch.refresh(INVOICE.id)

        await story.watch.close()

        assert len(asyncio.all_tasks()) == 1
