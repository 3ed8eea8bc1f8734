"""A Dataverse with any number of invoices that costs almost nothing: a page is a template in which a few places are filled.

``python -m bench.servers.dataverse``; PORT, INVOICES and LINES (of each invoice: 1, 2, 4 or 5) are in the environment, and
PAGE_S, the seconds that every page takes, as the original's do.
"""

import asyncio
import json
import os
import re
from datetime import UTC, datetime, timedelta

from aiohttp import web

from backends.work365.mapping import Work365Mapping, load
from bench.people import COMPANIES, guid

PAGE = 5_000
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
_PAGE_NUMBER, _MOMENT = "f0f0f0f0", "2000-01-01T00:00:00Z"
_ASKED = re.compile(r"(?:0{8}-0000-4000-8000-)([0-9a-f]{12})")


def main() -> None:
    """Serve until the process is ended."""
    made = Source(int(os.environ["INVOICES"]), int(os.environ["LINES"]), float(os.environ.get("PAGE_S", "0")))
    application = web.Application()
    application.router.add_get("/", made.count)
    application.router.add_get("/change", made.change)
    application.router.add_get("/api/data/v9.2/EntityDefinitions", made.definitions)
    application.router.add_get("/api/data/v9.2/{table}", made.rows)
    web.run_app(application, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=None, print=None)


def invoice_id(page: str, row: int) -> str:
    """Return the id of a row of a page, whose number is eight hexadecimal digits."""
    return f"{page}-0000-4000-8000-{row:012x}"


class Source:
    """One environment: a hundred companies, and invoices with lines as the shipped mapping calls them."""

    def __init__(self, invoices: int, lines: int, page_s: float) -> None:
        self._names = load()
        self._page_s = page_s
        self._asked = 0
        self._changed = 0
        self._lines_each = lines
        self._pages = {"invoices": -(-invoices // PAGE), "invoicedetails": -(-invoices // PAGE) * lines}
        self._each = PAGE // lines  # invoices whose lines fill a page
        self._invoices = [_invoices(min(PAGE, invoices))]
        self._lines = [_lines(part * self._each, self._each, lines) for part in range(lines)]
        self._small = _small(self._names)

    async def count(self, _: web.Request) -> web.Response:
        """Say how many pages have been asked for."""
        return web.json_response(self._asked)

    async def change(self, request: web.Request) -> web.Response:
        """Change so many of the first invoices, with their lines."""
        self._changed = int(request.query["invoices"])
        return web.json_response(self._changed)

    async def definitions(self, _: web.Request) -> web.Response:
        """Say that everything is there."""
        tables = self._names.tables.values()
        return web.json_response(
            {
                "value": [
                    {
                        "LogicalName": names.logical_name,
                        "EntitySetName": names.entity_set,
                        "Attributes": [{"LogicalName": _logical(column)} for column in names.columns],
                    }
                    for names in tables
                ]
            }
        )

    async def rows(self, request: web.Request) -> web.Response:
        """Return a page; of what has changed lately, there is what was told to ``change``, once."""
        self._asked += 1
        await asyncio.sleep(self._page_s)
        table, page = request.match_info["table"], int(request.query.get("$skiptoken", "0"))
        if "$filter" in request.query:
            return self._filtered(table, request.query["$filter"])
        if table not in self._pages:
            return _answer(json.dumps({"value": self._small.get(table, [])}))
        templates = self._invoices if table == "invoices" else self._lines
        filled = templates[page % len(templates)].replace(_PAGE_NUMBER, f"{page // len(templates):08x}")
        moment = f"{BEGAN + timedelta(minutes=page):%Y-%m-%dT%H:%M:%SZ}"
        link = f',"@odata.nextLink":"{request.url.with_query({"$skiptoken": page + 1})}"' if page + 1 < self._pages[table] else ""
        return _answer(f'{{"value":[{filled.replace(_MOMENT, moment)}]{link}}}')

    def _filtered(self, table: str, where: str) -> web.Response:
        rows: list[str] = []
        if table == "invoices":
            changed, self._changed = self._changed, 0
            rows = [json.dumps(_invoice(row) | {"totalamount": 7.5, "@odata.etag": "changed"}) for row in range(changed)]
        elif asked := _ASKED.findall(where):
            each = range(1, self._lines_each + 1)
            rows = [json.dumps(_line(int(row, 16), position) | {"extendedamount": 7.5}) for row in asked for position in each]
        text = f'{{"value":[{",".join(rows)}]}}'
        return _answer(text.replace(_PAGE_NUMBER, f"{0:08x}").replace(_MOMENT, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"))


def _answer(text: str) -> web.Response:
    return web.Response(text=text, content_type="application/json")


def _logical(column: str) -> str:
    return column[1 : -len("_value")] if column.endswith("_value") else column


def _invoices(count: int) -> str:
    return ",".join(json.dumps(_invoice(row), separators=(",", ":")) for row in range(count))


def _invoice(row: int) -> dict[str, object]:
    company, day = row % COMPANIES, datetime(2026, 7, 1, tzinfo=UTC) + timedelta(days=row % 150)
    is_open = row % 3 == 0
    return {
        "@odata.etag": f'W/"{row}"',
        "invoiceid": invoice_id(_PAGE_NUMBER, row),
        "invoicenumber": f"INV-{_PAGE_NUMBER}-{row}",
        "name": "Microsoft 365, November",
        "_customerid_value": guid(f"account.{company}"),
        "statecode": 0 if is_open else 2,
        "statuscode": 4 if is_open else 100001,
        "totalamount": 100 + row / 100,
        "work365_invoice_amountcharged": None if is_open else 100 + row / 100,
        "_transactioncurrencyid_value": guid("currency"),
        "duedate": f"{day:%Y-%m-%d}",
        "modifiedon": _MOMENT,
        "work365_invoice_billingdate": f"{day - timedelta(days=30):%Y-%m-%d}",
        "work365_invoice_paidondate": None,
        "totaltax": 19.25,
        "_work365_invoice_billingcontract_value": guid(f"contract.{company}.{row % 2}"),
        "work365_invoice_ponumber": "PO-7",
        "paymenttermscode": 1,
        "billto_composite": "Accounts payable\n1 Main Street\nSpringfield",
        "work365_invoice_lastchargestatus": None,
        "work365_invoice_paylink": f"https://127.0.0.1/pay/{_PAGE_NUMBER}/{row}",
        "work365_invoice_paymentexpirydate": "2027-06-30",
    }


def _lines(first: int, invoices: int, lines: int) -> str:
    rows = ((invoice, position) for invoice in range(first, first + invoices) for position in range(1, lines + 1))
    return ",".join(json.dumps(_line(invoice, position), separators=(",", ":")) for invoice, position in rows)


def _line(invoice: int, position: int) -> dict[str, object]:
    is_open = invoice % 3 == 0
    return {
        "@odata.etag": f'W/"{invoice}"',
        "invoicedetailid": f"{_PAGE_NUMBER}-0000-4000-9000-{invoice * 10 + position:012x}",
        "_invoiceid_value": invoice_id(_PAGE_NUMBER, invoice),
        "quantity": 10.0,
        "priceperunit": 57.0,
        "extendedamount": 570.0,
        "modifiedon": _MOMENT,
        "lineitemnumber": position,
        "tax": 0.0,
        "productname": "Microsoft 365 E5",
        "productdescription": None,
        "description": "Monthly subscription",
        "work365_invoiceproduct_line2": "1 Nov 2026 to 30 Nov 2026",
        "invoiceid": {
            "statecode": 0 if is_open else 2,
            "statuscode": 4 if is_open else 100001,
            "_transactioncurrencyid_value": guid("currency"),
        },
    }


def _small(names: Work365Mapping) -> dict[str, list[dict[str, object]]]:
    """Return the rows of the tables that are read whole."""
    companies = range(COMPANIES)
    return {
        names.accounts.entity_set: [{"accountid": guid(f"account.{each}"), "name": f"Company {each}"} for each in companies],
        names.currencies.entity_set: [{"transactioncurrencyid": guid("currency"), "isocurrencycode": "USD", "currencyprecision": 2}],
        names.contracts.entity_set: [
            {"work365_billingcontractid": guid(f"contract.{each}.{half}"), "work365_billingcontract_name": f"Contract {half}"}
            for each in companies
            for half in (0, 1)
        ],
    }


if __name__ == "__main__":
    main()
