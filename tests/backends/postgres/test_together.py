"""Writes that come at the same time share a statement; what becomes of each is its own caller's business."""

import asyncio
from collections.abc import Sequence

import pytest

from backends.postgres.together import Together
from billing.errors import Malformed, SourceDown


class Table:
    """Holds what was written.

    statements  the items of each, also of those that failed
    begun       set once the first statement has begun
    may         lets statements finish; they do at once unless it is cleared
    """

    def __init__(self) -> None:
        self.statements: list[list[str]] = []
        self.begun = asyncio.Event()
        self.may = asyncio.Event()
        self.may.set()
        self.is_down = False

    async def write(self, items: Sequence[str]) -> Sequence[str]:
        """Write all items or none. Raises Malformed for "bad", SourceDown while told to be down."""
        self.statements.append(list(items))
        self.begun.set()
        await self.may.wait()
        if self.is_down:
            raise SourceDown(source="test")
        if "bad" in items:
            raise Malformed(item="bad")
        return [f"wrote {each}" for each in items]


@pytest.fixture
def table() -> Table:
    """Return an empty table."""
    return Table()


@pytest.fixture
def together(table: Table) -> Together[str, str]:
    """Return the way into it."""
    return Together(table.write)


class TestTogether:
    async def test_writes_alone_what_comes_alone(self, table: Table, together: Together[str, str]) -> None:
        found = [await together("a"), await together("b")]

        assert found == ["wrote a", "wrote b"]
        assert table.statements == [["a"], ["b"]]

    async def test_gathers_while_a_batch_is_written(self, table: Table, together: Together[str, str]) -> None:
        table.may.clear()
        first = asyncio.create_task(together("a"))
        await table.begun.wait()

        later = [asyncio.create_task(together(each)) for each in "bcd"]
        await asyncio.sleep(0)
        table.may.set()

        assert await asyncio.gather(first, *later) == [f"wrote {each}" for each in "abcd"]
        assert table.statements == [["a"], ["b", "c", "d"]]

    async def test_tells_everybody_of_a_failure(self, table: Table, together: Together[str, str]) -> None:
        table.is_down = True

        found = await asyncio.gather(*(together(each) for each in "ab"), return_exceptions=True)
        table.is_down = False

        assert [type(each) for each in found] == [SourceDown, SourceDown]
        assert await together("c") == "wrote c"

    async def test_lets_nobody_pay_for_what_another_has_spoiled(self, table: Table, together: Together[str, str]) -> None:
        found = await asyncio.gather(*(together(each) for each in ("a", "bad", "b")), return_exceptions=True)

        assert found[0] == "wrote a"
        assert isinstance(found[1], Malformed)
        assert found[2] == "wrote b"
        assert table.statements[0] == ["a", "bad", "b"]

    async def test_writes_what_was_begun_although_one_caller_gave_up(self, table: Table, together: Together[str, str]) -> None:
        table.may.clear()
        gone, stays = asyncio.create_task(together("a")), asyncio.create_task(together("b"))
        await table.begun.wait()

        gone.cancel()
        table.may.set()

        assert await stays == "wrote b"
        assert table.statements == [["a", "b"]]
