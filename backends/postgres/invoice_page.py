"""A page of invoices in one query: its rows, the totals of the whole list, and where in the list it begins."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID

from backends.postgres.database import Record
from backends.postgres.invoice_records import INVOICE_COLUMNS, NOWHERE, as_uuid, invoice_in
from backends.rows import soonest_first
from billing.invoice import Contract, ContractId, Invoice, Page, Position, Show, Total, Turn, Wanted
from billing.money import Money

# $1 account, $2 today's place among the due dates, $3 the span of it, $4 contract or null, $5 limit,
# and with a position: $6 and $7 its keys, $8 the place of its span among the spans, $9 the first key in its span
_OURS: LiteralString = "account = $1 and ($4::uuid is null or contract = $4)"
_INVOICES: dict[Show, LiteralString] = {
    Show.OPEN: f"{_OURS} and state <> 'complete'",
    Show.OVERDUE: f"{_OURS} and state <> 'complete' and balance > 0 and soonest < $2",
    Show.PAID: f"{_OURS} and state = 'complete'",
    Show.ALL: _OURS,
}
_SUMS: dict[Show, LiteralString] = {
    Show.OPEN: f"{_OURS} and kind in (1, 2)",
    Show.OVERDUE: f"{_OURS} and kind = 2 and span < $3",
    Show.PAID: f"{_OURS} and kind = 0",
    Show.ALL: _OURS,
}
_SOONEST_FIRST = frozenset({Show.OPEN, Show.OVERDUE})
_SPAN = 64
_UNDATED = soonest_first(None)

# Walks from one contract to the next in the index, however many invoices each has.
CONTRACTS: LiteralString = """
    with recursive held (id) as (
        (select contract from mirror.invoices where account = $1 and contract is not null order by contract limit 1)
        union all
        select (select i.contract from mirror.invoices i where i.account = $1 and i.contract > held.id order by i.contract limit 1)
        from held where held.id is not null
    )
    select c.id, c.name from held join mirror.contracts c using (id) order by c.name, c.id
"""
"""The contracts of an account's invoices in order of name."""


def query_for(wanted: Wanted) -> tuple[LiteralString, Sequence[object]]:
    """Return the query of a page, and its parameters after the account. No position or contract can do harm."""
    today = soonest_first(wanted.today)
    contract = None if wanted.contract is None else as_uuid(wanted.contract) or NOWHERE
    parameters = (today, today // _SPAN, contract, wanted.limit)
    if wanted.position is None:
        return _query(wanted.show, None), parameters
    return _query(wanted.show, wanted.turn), (*parameters, *_place(wanted.show, wanted.position))


def _place(show: Show, position: Position) -> tuple[int, UUID, int, int]:
    soonest, id_ = soonest_first(position.due), as_uuid(position.id) or NOWHERE
    span = soonest // _SPAN
    if show in _SOONEST_FIRST:
        return soonest, id_, span, span * _SPAN
    if position.due is None:
        return _UNDATED, id_, span, _UNDATED
    return -soonest, id_, -span, -(span * _SPAN + _SPAN - 1)


def page_of(wanted: Wanted, rows: Sequence[Record]) -> Page:
    """Return the page in the answer to its query: at least one row, without an invoice where the page is empty."""
    invoices = tuple(invoice_in(row) for row in rows if row["id"])
    totals = tuple(_total(*record[:6]) for record in rows[0]["totals"])
    passed = rows[0]["nearby"] + sum(record[6] for record in rows[0]["totals"])
    first = _first(wanted, passed, len(invoices))
    last = first + len(invoices) - 1
    further = _position(invoices[-1]) if invoices and last < sum(total.count for total in totals) else None
    contracts = tuple(map(contract_in, rows[0]["contracts"]))
    return Page(wanted, invoices, totals, first, _position(invoices[0]) if first > 1 else None, further, contracts)


def contract_in(record: Record | Sequence[Any]) -> Contract:
    """Return the contract in a record (id, name)."""
    id_, name = record[0], record[1]
    return Contract(ContractId(str(id_)), name)


def _query(show: Show, turn: Turn | None) -> LiteralString:
    key, span = ("soonest", "span") if show in _SOONEST_FIRST else ("latest", "(case when span = 33554431 then span else -span end)")
    begins, order, sooner, nearby = "", f"{key}, id", "0::bigint", "0::bigint"
    if turn:
        past, upto = (">", "<=") if turn is Turn.AFTER else ("<", "<")
        begins = f"and ({key}, id) {past} ($6, $7)"
        sooner = f"coalesce(sum(invoices) filter (where {span} < $8), 0)::bigint"
        nearby = f"(select count(*) from mirror.invoices where {_INVOICES[show]} and {key} >= $9 and ({key}, id) {upto} ($6, $7))"  # noqa: S608 - literals
    if turn is Turn.BEFORE:
        order = f"{key} desc, id desc"
    return f"""
        select array(
            select (currency, max(digits), sum(invoices)::bigint, sum(balance), sum(overdue), sum(total), {sooner})
            from ({_parts(show)}) parts group by currency order by currency) as totals,
            {nearby} as nearby,
            array(select (id, name) from ({CONTRACTS}) as contracts) as contracts,
            {INVOICE_COLUMNS}
        from (select $2::integer as today) as always
        left join (select * from mirror.invoices where {_INVOICES[show]} {begins} order by {order} limit $5) i on true
        left join mirror.contracts c on c.id = i.contract
        order by i.{key}, i.id
    """  # noqa: S608 - literals


def _parts(show: Show) -> LiteralString:
    """Return what totals are added up from: whole spans, and one by one the invoices that fell due in the span of today."""
    spans = f"""
        select currency, digits, span, invoices, balance, total, case when kind = 2 and span < $3 then balance else 0 end as overdue
        from mirror.sums where {_SUMS[show]}
    """  # noqa: S608 - literals
    counted = "1, balance, total" if show is Show.OVERDUE else "0, 0, 0"
    lately = f"select currency, digits, $3, {counted}, balance from mirror.invoices where {_INVOICES[Show.OVERDUE]} and soonest >= $3 * 64"  # noqa: S608 - literals
    return spans if show is Show.PAID else f"{spans} union all {lately}"


def _total(currency: str, digits: int, count: int, balance: Decimal, overdue: Decimal, total: Decimal) -> Total:
    return Total(count, Money(balance, currency, digits), Money(overdue, currency, digits), Money(total, currency, digits))


def _first(wanted: Wanted, passed: int, shown: int) -> int:
    """Return the place of the first row, when *passed* rows of the list lie before the position."""
    if not shown:
        return 0
    return passed - shown + 1 if wanted.position and wanted.turn is Turn.BEFORE else passed + 1


def _position(invoice: Invoice) -> Position:
    return Position(invoice.due, invoice.id)
