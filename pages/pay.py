"""``/invoices/{id}/pay``: a last look at the invoice, then the payment page, or the reason why not."""

from http import HTTPStatus

from aiohttp import web

from billing.errors import NotPayable, SourceDown, TooOften
from billing.payments import Payments
from pages.desk import Desk
from pages.render import PRIVATE
from words.status import unpayable_words


class PayPages:
    """Leads to the payment page. A GET, since it changes nothing: a scanner or a preview may fetch it, twenty times too."""

    def __init__(self, desk: Desk, payments: Payments) -> None:
        self._desk = desk
        self._payments = payments

    async def pay(self, request: web.Request) -> web.Response:
        """Redirect to the invoice's payment page, or say why that is not possible and what to do."""
        visit, reader, invoice = await self._desk.invoice(request)
        try:
            link = await self._payments.link(visit.caller, invoice, self._desk.rule_for(request, visit.caller.person))
        except NotPayable as problem:
            said = unpayable_words(problem.reason, reader)
            return self._desk.pages.invoice_page("pay.html", visit, reader, problem.status, said=said, invoice=invoice)
        except SourceDown as problem:
            said = reader.say("Whether the invoice can still be paid cannot be checked right now. Please try again in a minute.")
            return self._desk.pages.invoice_page("pay.html", visit, reader, problem.status, said=said, invoice=invoice)
        except TooOften as problem:
            said = reader.problem(problem)
            response = self._desk.pages.invoice_page("pay.html", visit, reader, problem.status, said=said, invoice=invoice)
            response.headers["Retry-After"] = "60"
            return response
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={**PRIVATE, "Location": link})
