"""The mirror's writing side: what the sync puts in is what is there, in any order, however often."""

import asyncio
import random
from dataclasses import replace
from decimal import Decimal
from typing import LiteralString

import pytest

from backends.postgres.database import Database
from backends.postgres.mirror import Batch, Mirror
from backends.rows import ContractRow, CurrencyRow, InvoiceRow, RoleRow, Table
from billing.errors import Malformed, SourceDown
from billing.invoice import Charge, State
from tests import rows
from tests.contract.invoices import scattered
from tests.make import CONTOSO, FABRIKAM, NOW, guid

SUMMED: LiteralString = """
    select account, case when state = 'complete' then 0 when balance > 0 then 2 else 1 end::smallint,
        case when state = 'complete' then soonest / 64 * 64 else soonest end, currency, digits, contract, count(*), sum(balance), sum(total)
    from mirror.invoices group by 1, 2, 3, 4, 5, 6
"""
KEPT: LiteralString = "select account, kind, soonest, currency, digits, contract, invoices, balance, total from mirror.sums"


async def numbers(database: Database) -> set[str]:
    async with database.shared() as connection:
        return {row[0] for row in await connection.fetch("select number from mirror.invoices")}


async def lines(database: Database) -> list[tuple[str, int]]:
    async with database.shared() as connection:
        found = await connection.fetch("select invoice::text, position from mirror.lines order by position, invoice")
        return [(row[0], row[1]) for row in found]


async def indexes(database: Database) -> set[str]:
    """Return how the indexes of invoices are made."""
    async with database.shared() as connection:
        return {
            row[0]
            for row in await connection.fetch("select indexdef from pg_indexes where schemaname = 'mirror' and tablename = 'invoices'")
        }


async def put(mirror: Mirror, *invoices: InvoiceRow) -> int:
    async with mirror.writing() as batch:
        return await batch.put_invoices(invoices)


async def put_and_fail(batch: Batch) -> None:
    await batch.put_invoices([rows.invoice()])
    await batch.put_invoices([rows.invoice("INV-2", id="no GUID")])


class TestPutInvoices:
    async def test_counts_what_differs(self, mirror: Mirror) -> None:
        one, two = rows.invoice("INV-1"), rows.invoice("INV-2")

        first = await put(mirror, one, two)
        same = await put(mirror, one, two)
        changed = await put(mirror, one, replace(two, charge=Charge.PENDING))

        assert (first, same, changed) == (2, 0, 1)

    async def test_replaces_every_field(self, mirror: Mirror, sync_database: Database) -> None:
        await put(mirror, rows.invoice("INV-1", pay_link=None, due=None))
        await put(mirror, rows.invoice("INV-2", id=guid("INV-1"), account=FABRIKAM.id, currency="JPY", digits=0, pay_expires=NOW))

        async with sync_database.shared() as connection:
            row = await connection.fetchrow("select * from mirror.invoices")
        assert row is not None
        assert (row["number"], str(row["account"]), row["currency"], row["pay_expires"]) == ("INV-2", FABRIKAM.id, "JPY", NOW)
        assert (row["number_key"], row["number_reversed"], row["due"] is None) == ("inv-2", "2-vni", False)

    async def test_takes_the_last_of_rows_with_one_id(self, mirror: Mirror, sync_database: Database) -> None:
        await put(mirror, rows.invoice("OLD", id=guid("x")), rows.invoice("NEW", id=guid("x")))

        assert await numbers(sync_database) == {"NEW"}

    async def test_stores_hostile_text_without_what_cannot_be_stored(self, mirror: Mirror, sync_database: Database) -> None:
        await put(mirror, replace(rows.invoice(), number="a\0b\ud800'\"\\{}", name="\0"))

        assert await numbers(sync_database) == {"ab?'\"\\{}"}

    async def test_takes_five_thousand_at_once(self, mirror: Mirror, sync_database: Database) -> None:
        await put(mirror, *(rows.invoice(f"INV-{number}") for number in range(5000)))

        assert len(await numbers(sync_database)) == 5000

    async def test_happens_entirely_or_not_at_all(self, mirror: Mirror, sync_database: Database) -> None:
        with pytest.raises(Malformed):
            async with mirror.writing() as batch:
                await put_and_fail(batch)

        assert await numbers(sync_database) == set()

    async def test_does_nothing_for_no_rows(self, mirror: Mirror) -> None:
        assert await put(mirror) == 0


class TestBalance:
    @pytest.mark.parametrize(
        ("state", "charged", "balance"), [(State.BILLED, 0, 10), (State.PARTIAL, 4, 6), (State.PARTIAL, 12, -2), (State.COMPLETE, 4, 0)]
    )
    def test_is_what_is_left_to_pay(self, state: State, charged: int, balance: int) -> None:
        assert rows.invoice(state=state, total=Decimal(10), charged=Decimal(charged)).balance == balance


class TestSums:
    async def test_come_to_what_the_invoices_come_to_after_any_change(self, mirror: Mirror, sync_database: Database) -> None:
        chosen = random.Random(5)  # noqa: S311 - a test's dice

        for _ in range(12):
            changed = [replace(row, id=guid(f"INV-{chosen.randrange(200)}")) for row in scattered(60, chosen.randrange(10**6))]
            async with mirror.writing() as batch:
                await batch.put_invoices(changed)
                await batch.remove(Table.INVOICES, [guid(f"INV-{chosen.randrange(200)}") for _ in range(20)])

            async with sync_database.shared() as connection:
                assert await connection.fetch(f"{SUMMED} except {KEPT}") == []
                assert await connection.fetch(f"{KEPT} except {SUMMED}") == []


class TestReplaceLines:
    async def test_lets_go_of_lines_that_are_no_more(self, mirror: Mirror, sync_database: Database) -> None:
        ours, other = rows.invoice("INV-1"), rows.invoice("INV-2")
        async with mirror.writing() as batch:
            await batch.replace_lines([ours.id, other.id], [rows.line(ours, 1), rows.line(ours, 2), rows.line(other, 3)])

        async with mirror.writing() as batch:
            changed = await batch.replace_lines([ours.id], [rows.line(ours, 2), rows.line(ours, 4)])
            again = await batch.replace_lines([ours.id], [rows.line(ours, 2), rows.line(ours, 4)])

        assert await lines(sync_database) == [(ours.id, 2), (other.id, 3), (ours.id, 4)]
        assert (changed, again) == (2, 0)

    async def test_empties_an_invoice(self, mirror: Mirror, sync_database: Database) -> None:
        ours = rows.invoice()
        async with mirror.writing() as batch:
            await batch.replace_lines([ours.id], [rows.line(ours)])
            await batch.replace_lines([ours.id], [])

        assert await lines(sync_database) == []


class TestReplace:
    async def test_removes_the_roles_that_are_not_named(self, mirror: Mirror, sync_database: Database) -> None:
        one, two, three = (RoleRow(guid("holder"), name) for name in "abc")
        async with mirror.writing() as batch:
            await batch.replace_contact_roles([one, two])
            changed = await batch.replace_contact_roles([two, three, three])

        async with sync_database.shared() as connection:
            names = await connection.fetchval("select string_agg(name, '' order by name) from mirror.contact_roles")
        assert (names, changed) == ("bc", 2)

    async def test_moves_a_tie_to_another_account(self, mirror: Mirror, sync_database: Database) -> None:
        async with mirror.writing() as batch:
            await batch.replace_provider_accounts([rows.tie()])
            await batch.replace_provider_accounts([replace(rows.tie(), account=FABRIKAM.id)])

        async with sync_database.shared() as connection:
            assert str(await connection.fetchval("select account from mirror.provider_accounts")) == FABRIKAM.id

    async def test_empties_a_table(self, mirror: Mirror, sync_database: Database) -> None:
        async with mirror.writing() as batch:
            await batch.replace_identities([rows.identity(rows.contact())])
            await batch.replace_identities([])

        async with sync_database.shared() as connection:
            assert await connection.fetchval("select count(*) from mirror.external_identities") == 0


class TestRemove:
    async def test_takes_the_lines_along(self, mirror: Mirror, sync_database: Database) -> None:
        gone, kept = rows.invoice("INV-1"), rows.invoice("INV-2")
        await rows.put_invoices(mirror, gone, kept, lines=[rows.line(gone), rows.line(kept)])

        async with mirror.writing() as batch:
            removed = await batch.remove(Table.INVOICES, [gone.id, guid("unknown")])

        assert (removed, await numbers(sync_database), await lines(sync_database)) == (1, {"INV-2"}, [(kept.id, 1)])

    async def test_works_for_every_table(self, mirror: Mirror) -> None:
        async with mirror.writing() as batch:
            await batch.put_accounts([rows.account()])
            await batch.put_contacts([rows.contact()])
            await batch.put_contracts([ContractRow(guid("c"), "")])
            await batch.put_currencies([CurrencyRow(guid("c"), "USD", 2)])
            await batch.put_invoices([rows.invoice()])
            await batch.replace_lines([], [rows.line(rows.invoice("INV-2"))])
            ids = [CONTOSO.id, rows.contact().id, guid("c"), rows.invoice().id, rows.line(rows.invoice("INV-2")).id]

            assert [await batch.remove(table, ids) for table in Table] == [1] * len(Table)


class TestLoading:
    async def test_makes_the_indexes_at_its_end(self, mirror: Mirror, sync_database: Database) -> None:
        before = await indexes(sync_database)

        async with mirror.loading():
            within = await indexes(sync_database)

        assert len(before) > 6
        assert ["invoices_pkey" in each for each in within] == [True]
        assert await indexes(sync_database) == before

    async def test_makes_those_that_an_earlier_one_did_not_live_to_make(self, mirror: Mirror, sync_database: Database) -> None:
        before = await indexes(sync_database)
        with pytest.raises(SourceDown):
            async with mirror.loading():
                raise SourceDown
        left = await indexes(sync_database)

        async with mirror.loading():
            pass

        assert len(left) == 1
        assert await indexes(sync_database) == before


class TestComparing:
    async def test_tells_what_is_missing_on_either_side(self, mirror: Mirror) -> None:
        await put(mirror, *(rows.invoice(f"INV-{number}") for number in range(6)))

        async with mirror.comparing(Table.INVOICES) as comparison:
            missing = [await comparison.see([guid("INV-1"), guid("INV-2")]), await comparison.see([guid("INV-2"), guid("INV-9")])]
            vanished = await comparison.unseen()

        assert missing == [[], [guid("INV-9")]]
        assert set(vanished) == {guid(f"INV-{number}") for number in (0, 3, 4, 5)}

    async def test_starts_anew_each_time(self, mirror: Mirror) -> None:
        await put(mirror, rows.invoice())
        async with mirror.comparing(Table.INVOICES) as comparison:
            await comparison.see([rows.invoice().id])

        async with mirror.comparing(Table.INVOICES) as comparison:
            assert await comparison.unseen() == [rows.invoice().id]


class TestState:
    async def test_keeps_watermarks_and_completion_apart(self, mirror: Mirror) -> None:
        before = (await mirror.watermarks(), await mirror.as_of())
        async with mirror.writing() as batch:
            await batch.save_watermark("invoices", "1")
            await batch.save_watermark("invoices", "2")
            await batch.mark_complete(NOW)

        assert before == ({}, None)
        assert (await mirror.watermarks(), await mirror.as_of()) == ({"invoices": "2"}, NOW)

    async def test_returns_the_currencies(self, mirror: Mirror) -> None:
        yen = CurrencyRow(guid("yen"), "JPY", 0)
        async with mirror.writing() as batch:
            await batch.put_currencies([yen])

        assert await mirror.currencies() == [yen]


class TestWriting:
    async def test_lets_writers_wait_for_each_other(self, mirror: Mirror, sync_database: Database) -> None:
        async def write(total: int, *numbers: str) -> None:
            async with mirror.writing() as batch:
                for number in numbers:
                    await batch.put_invoices([rows.invoice(number, total=Decimal(total))])

        await asyncio.gather(*(write(turn, *("INV-1", "INV-2")[:: 1 if turn % 2 else -1]) for turn in range(8)))

        async with sync_database.shared() as connection:
            totals = await connection.fetch("select distinct total from mirror.invoices")
        assert len(totals) == 1


class TestAlone:
    async def test_lets_one_sync_run_at_a_time(self, mirror: Mirror) -> None:
        async with mirror.alone() as first, mirror.alone() as second:
            pass
        async with mirror.alone() as third:
            pass

        assert (first, second, third) == (True, False, True)

    async def test_lets_one_of_many_in(self, mirror: Mirror) -> None:
        inside = asyncio.Barrier(4)

        async def attempt() -> bool:
            async with mirror.alone() as mine:
                await inside.wait()
                return mine

        assert sorted(await asyncio.gather(*(attempt() for _ in range(4)))) == [False, False, False, True]
