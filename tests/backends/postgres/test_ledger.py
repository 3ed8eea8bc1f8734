"""What planning looks at: invoices of which there is something to say, however many others changed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from backends.postgres.database import Database
from backends.postgres.embedded import EmbeddedServer
from backends.postgres.ledger import SUBJECTS
from backends.postgres.mirror import Mirror
from backends.rows import InvoiceRow, soonest_first
from billing.due import NEWS
from billing.invoice import Charge, State
from tests import databases, rows
from tests.make import CONTOSO, NOW, TODAY, guid

MANY = 5_000
LONG_AGO = date(2025, 1, 1)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every node of a plan."""
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def old(number: str, **changes: object) -> InvoiceRow:
    """Return an invoice of long ago that has just been edited."""
    return replace(rows.invoice(number), billed=LONG_AGO, due=LONG_AGO, changed=NOW, **changes)  # type: ignore[arg-type]


class TestSubjects:
    async def test_are_news_and_not_whatever_a_mass_edit_has_touched(
        self, sync_database: Database, mirror: Mirror, postgres: EmbeddedServer, database_url: str
    ) -> None:
        paid = {"state": State.COMPLETE, "paid": LONG_AGO}
        news = [old("NEW", paid=None), old("PAID", **{**paid, "paid": TODAY}), old("FAILED", charge=Charge.FAILED)]
        news[0] = replace(news[0], billed=TODAY - NEWS, due=None)
        edited = [old(f"INV-{n}", **paid) for n in range(MANY)] + [old(f"OPEN-{n}", charged=Decimal(1)) for n in range(MANY // 10)]
        settled = [old("DONE", charge=Charge.FAILED, **paid), replace(old("QUIET", charge=Charge.FAILED), changed=NOW - 2 * NEWS)]
        await rows.put_invoices(mirror, *news, *edited, *settled)
        async with databases.superuser(postgres, database_url) as admin:
            await admin.execute("vacuum analyze mirror.invoices")
        due = soonest_first(TODAY - timedelta(days=30)), soonest_first(TODAY + timedelta(days=30))
        asked: tuple[Any, ...] = ([CONTOSO.id, guid("another")], *due, [], NOW - NEWS, TODAY - NEWS)

        async with sync_database.shared() as connection:
            found = {row["number"] for row in await connection.fetch(SUBJECTS, *asked)}
            explained = await connection.fetchval(f"explain (analyze, format json) {SUBJECTS}", *asked)

        looked_at = [each for each in nodes(json.loads(explained)[0]["Plan"]) if each.get("Relation Name") == "invoices"]
        seen = sum((each["Actual Rows"] + each.get("Rows Removed by Filter", 0)) * each["Actual Loops"] for each in looked_at)
        assert found == {"NEW", "PAID", "FAILED"}
        assert not [each for each in looked_at if each["Node Type"] == "Seq Scan"]
        assert seen <= 3 * len(found)
