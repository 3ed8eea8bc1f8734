"""The click on Pay now: rights, a fresh look, the rule, an entry in the audit, and only then the way to the payment page."""

from billing.access import BILLING, Caller
from billing.allowance import Allowance
from billing.errors import NotFound, NotPayable, Problem, TooOften, Unpayable
from billing.following import Clicks
from billing.invoice import Details, InvoiceId
from billing.pay import PayRule
from billing.payment_watch import Watch
from billing.ports import Audit, Clock, FreshInvoices, Invoices

PAY = "pay"


class Payments:
    """Leads to the hosted payment page. It changes nothing in Work 365, however often it is asked and by whatever.

    allowance  how often a person may click
    """

    def __init__(
        self,
        invoices: Invoices,
        fresh: FreshInvoices,
        allowance: Allowance,
        audit: Audit,
        clicks: Clicks,
        watch: Watch,
        clock: Clock,
    ) -> None:
        self._invoices = invoices
        self._fresh = fresh
        self._allowance = allowance
        self._audit = audit
        self._clicks = clicks
        self._watch = watch
        self._clock = clock

    async def link(self, caller: Caller, invoice: InvoiceId, rule: PayRule) -> str:
        """Return the payment page's address, as *rule* allows it for the invoice as it is this moment.

        Raises NotFound, NotPayable with the reason, and SourceDown while Work 365 cannot be asked, TooOften where it is not: never
        a link from the mirror.
        """
        try:
            found = await self._checked(caller, invoice)
            link = rule.link(found.invoice, self._clock())
        except Problem as problem:
            await self._audit.note(caller.person, PAY, _outcome(problem), invoice)
            if isinstance(problem, NotPayable) and problem.reason is not Unpayable.SWITCHED_OFF:
                await self._refused(caller, invoice)
            raise
        await self._clicks.pays(caller.person, found.invoice)
        await self._audit.note(caller.person, PAY, "ok", invoice)
        self._watch.begin(caller, found)
        return link

    async def _checked(self, caller: Caller, invoice: InvoiceId) -> Details:
        caller.require(BILLING)
        held = await self._invoices.details(caller.account, invoice)
        if not self._allowance.take(caller.person):
            raise TooOften(invoice=invoice)
        try:
            return await self._fresh.now(caller.account, held)
        except NotFound:
            await self._refused(caller, invoice)
            raise

    async def _refused(self, caller: Caller, invoice: InvoiceId) -> None:
        """Have the card in the chat follow, which has offered what cannot be had, and the mirror before it."""
        await self._clicks.refused(caller.person, invoice)
        self._watch.refresh(invoice)


def _outcome(problem: Problem) -> str:
    return problem.reason.value if isinstance(problem, NotPayable) else type(problem).__name__
