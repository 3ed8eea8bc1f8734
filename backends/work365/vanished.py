"""Find what has been deleted in Work 365, which leaves no trace there: compare the ids of both sides."""

from contextlib import aclosing

from backends.dataverse.query import Filter
from backends.rows import Table
from backends.work365.bills import AT_ONCE, Bills
from backends.work365.names import Names
from backends.work365.parallel import ahead
from backends.work365.work import Work, parts


async def compare(work: Work, bills: Bills | None) -> None:
    """Delete what Work 365 no longer has, and let *bills*, if given, read the invoices that the mirror lacks.

    Other tables' missing rows come back by themselves: they are read whole in the same pass. So do lines, which are read with
    their invoices; without *bills*, when all are read again, there is nothing to compare. Contacts are compared in every pass.
    """
    names = work.names
    others: dict[Table, Names] = {
        Table.ACCOUNTS: names.accounts,
        Table.CONTRACTS: names.contracts,
        Table.CURRENCIES: names.currencies,
    }
    for table, theirs in others.items():
        await _compare(work, table, theirs)
    await _compare(work, Table.INVOICES, names.invoices, work.ask.visible_invoices(), bills)
    if bills:
        await bills.find_unlisted()
        await _compare(work, Table.LINES, names.lines)


async def _compare(work: Work, table: Table, names: Names, where: Filter | None = None, bills: Bills | None = None) -> None:
    seen = 0
    async with work.mirror.comparing(table) as comparison, aclosing(ahead(work.dataverse.keys(names.entity_set, names.id, where))) as pages:
        async for ids in pages:
            seen += len(ids)
            missing = await comparison.see(ids)
            if bills:
                await bills.read(missing)
        unseen = await comparison.unseen()
    if unseen and not seen:  # a lost privilege is likelier than the end of everything
        work.tally.reported[f"{table} although Work 365 shows none"] += len(unseen)
        return
    for part in parts(await work.gone(names, unseen, where), AT_ONCE):
        async with work.mirror.writing() as batch:
            work.tally.counts[f"deleted {table}"] += await batch.remove(table, part)
