"""Introduces the parts that read Work 365: into the mirror, and past it."""

from dataclasses import dataclass

from backends.dataverse.client import Dataverse
from backends.dataverse.limits import Limits
from backends.postgres.database import Database
from backends.postgres.invoices import PostgresInvoices
from backends.postgres.mirror import Mirror
from backends.work365.fresh import FreshInvoices
from backends.work365.hints import Hints
from backends.work365.mapping import Work365Mapping
from backends.work365.one import OneInvoice
from backends.work365.schema import Schema
from backends.work365.sync import Sync
from billing.allowance import READS, Allowance
from billing.details import CurrentDetails
from billing.ports import Clock


@dataclass(frozen=True, slots=True)
class Work365:
    """One environment, with one view of what it is like.

    details  invoices as they are this moment; what they show to be wrong in the mirror is copied soon
    """

    schema: Schema
    sync: Sync
    fresh: FreshInvoices
    one: OneInvoice
    hints: Hints
    details: CurrentDetails

    @classmethod
    def of(
        cls, dataverse: Dataverse, mapping: Work365Mapping, rows: Database, all_rows: Database, clock: Clock, limits: Limits | None = None
    ) -> "Work365":
        """Build it over the environment and the two views of the database."""
        schema, mirror = Schema(dataverse, mapping), Mirror(all_rows)
        fresh, one = FreshInvoices(dataverse, schema, limits), OneInvoice(dataverse, schema, mirror)
        hints = Hints(one, mapping)
        details = CurrentDetails(PostgresInvoices(rows), fresh, Allowance(READS, clock), hints.invoice)
        return cls(schema, Sync(dataverse, schema, mirror), fresh, one, hints, details)
