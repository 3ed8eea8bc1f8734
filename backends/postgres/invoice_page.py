"""A page of invoices in one query: its rows, the totals of the whole list, and where in the list it begins."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID

from backends.postgres.database import Record
from backends.postgres.invoice_order import SOONEST_FIRST, order_of
from backends.postgres.invoice_records import INVOICE_COLUMNS, NOWHERE, as_uuid, invoice_in
from backends.rows import soonest_first
from billing.errors import Malformed
from billing.invoice import Contract, ContractId, InvoiceId, Page, Position, Show, Sort, Total, Turn, Wanted
from billing.money import Money

# $1 account, $2 today's place among the due dates, $3 contract or null, $4 limit, and with a position: $5 and $6 its key and id,
# $7 where the sum that it is part of lies among the sums, $8 the first key in that sum
_OURS: LiteralString = "account = $1 and ($3::uuid is null or contract = $3)"
_INVOICES: dict[Show, LiteralString] = {
    Show.OPEN: f"{_OURS} and state <> 'complete'",
    Show.OVERDUE: f"{_OURS} and state <> 'complete' and balance > 0 and soonest < $2",
    Show.PAID: f"{_OURS} and state = 'complete'",
    Show.ALL: _OURS,
}
_SUMS: dict[Show, LiteralString] = {
    Show.OPEN: f"{_OURS} and kind in (1, 2)",
    Show.OVERDUE: f"{_OURS} and kind = 2 and soonest < $2",
    Show.PAID: f"{_OURS} and kind = 0",
    Show.ALL: _OURS,
}
_SPAN = 64
_UNDATED = soonest_first(None)

# Walks from one contract to the next in the index, however many invoices each has.
_CONTRACTS: LiteralString = """
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
    """Return the query of a page, and its parameters after the account. No position or contract can do harm. Raises Malformed."""
    today = soonest_first(wanted.today)
    contract = None if wanted.contract is None else as_uuid(wanted.contract) or NOWHERE
    is_counted = wanted.sort is Sort.DUE
    parameters = (today, contract, wanted.limit if is_counted else wanted.limit + 1)
    if wanted.position is None:
        return _query(wanted), parameters
    key, id_ = wanted.position.key, as_uuid(wanted.position.id) or NOWHERE
    if not order_of(wanted.show, wanted.sort).form.fullmatch(key):
        raise Malformed(key="position")
    return _query(wanted), (*parameters, *(_place(wanted.show, key, id_) if is_counted else (key, id_)))


def _place(show: Show, key: str, id_: UUID) -> tuple[int, UUID, int, int]:
    """Return where a position lies in a list by due date. Raises Malformed."""
    try:
        soonest = soonest_first(date.fromisoformat(key) if key else None)
    except ValueError as error:
        raise Malformed(key="position") from error
    if show in SOONEST_FIRST:
        return soonest, id_, soonest, soonest
    span = soonest // _SPAN
    if not key:
        return _UNDATED, id_, span, _UNDATED
    return -soonest, id_, -span, -(span * _SPAN + _SPAN - 1)


def page_of(wanted: Wanted, rows: Sequence[Record]) -> Page:
    """Return the page in the answer to its query: at least one row, without an invoice where the page is empty."""
    found = [row for row in rows if row["id"]]
    totals = tuple(_total(*record[:7]) for record in rows[0]["totals"])
    contracts = tuple(map(_contract, rows[0]["contracts"]))
    if wanted.sort is Sort.DUE:
        count = sum(total.count for total in totals)
        passed = rows[0]["nearby"] + sum(record[7] for record in rows[0]["totals"])
        first = _first(wanted, passed, count, len(found))
        has_back, has_further = first > 1, 0 < first <= count - len(found)
    else:
        first, (found, has_back, has_further) = 0, _cut(wanted, found)
    back, further = _position(found[0]) if has_back else None, _position(found[-1]) if has_further else None
    return Page(wanted, tuple(map(invoice_in, found)), totals, first, back, further, contracts)


def _contract(record: Record | Sequence[Any]) -> Contract:
    """Return the contract in a record (id, name)."""
    id_, name = record[0], record[1]
    return Contract(ContractId(str(id_)), name)


def _query(wanted: Wanted) -> LiteralString:
    show, order = wanted.show, order_of(wanted.show, wanted.sort)
    sooner, nearby = _counted(show, wanted.turn) if wanted.position and wanted.sort is Sort.DUE else ("0::bigint", "0::bigint")
    begins = f"and {order.past(wanted.turn)}" if wanted.position else ""
    return f"""
        select array(
            select (currency, max(digits), sum(invoices)::bigint, sum(balance),
                coalesce(sum(balance) filter (where kind = 2 and soonest < $2), 0), coalesce(sum(balance) filter (where kind = 1), 0),
                sum(total), {sooner})
            from mirror.sums where {_SUMS[show]} group by currency order by currency) as totals,
            {nearby} as nearby,
            array(select (id, name) from ({_CONTRACTS}) as contracts) as contracts,
            {order.key} as key, {INVOICE_COLUMNS}
        from (select) as always
        left join (select * from mirror.invoices where {_INVOICES[show]} {begins} order by {order.by(wanted.turn)} limit $4) i on true
        left join mirror.contracts c on c.id = i.contract
        order by {order.by(Turn.AFTER, "i.")}
    """  # noqa: S608 - literals


def _counted(show: Show, turn: Turn) -> tuple[LiteralString, LiteralString]:
    """Return how many rows of a list by due date lie before the page: those in whole sums, and those near the position."""
    key, sums_key = ("soonest", "soonest") if show in SOONEST_FIRST else ("latest", "(case when span = 33554431 then span else -span end)")
    upto = "<=" if turn is Turn.AFTER else "<"
    return (
        f"coalesce(sum(invoices) filter (where {sums_key} < $7), 0)::bigint",
        f"(select count(*) from mirror.invoices where {_INVOICES[show]} and {key} >= $8 and ({key}, id) {upto} ($5, $6))",  # noqa: S608 - literals
    )


def _total(currency: str, digits: int, count: int, *amounts: Decimal) -> Total:
    balance, overdue, credit, total = (Money(amount, currency, digits) for amount in amounts)
    return Total(count, balance, overdue, credit, total)


def _first(wanted: Wanted, passed: int, count: int, shown: int) -> int:
    """Return the place of the first row, when *passed* of the list's *count* rows lie before the position."""
    if not shown:
        return 0
    if wanted.turn is Turn.AFTER:
        return passed + 1
    return (passed if wanted.position else count) - shown + 1


def _cut(wanted: Wanted, found: list[Record]) -> tuple[list[Record], bool, bool]:
    """Return the rows without the one too many, and whether there are more before and after them."""
    is_ahead, is_behind = len(found) > wanted.limit, bool(found and wanted.position)
    if wanted.turn is Turn.AFTER:
        return found[: wanted.limit], is_behind, is_ahead
    return found[-wanted.limit :], is_ahead, is_behind


def _position(row: Record) -> Position:
    return Position("" if row["key"] is None else str(row["key"]), InvoiceId(str(row["id"])))
