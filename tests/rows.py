"""Builders of mirror rows: every argument has a default, so that a test names only what matters to it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from backends.postgres.mirror import Mirror
from backends.rows import AccountRow, ContactRow, ContractRow, IdentityRow, InvoiceRow, LineRow, ProviderAccountRow, RoleRow
from billing.access import BILLING
from billing.invoice import Charge, State
from tests.make import ADA, CONTOSO, FABRIKAM, NOW, guid

CONTRACT = ContractRow(guid("contract"), "Main contract")


def invoice(number: str = "INV-10421", **changes: Any) -> InvoiceRow:
    """Return Contoso's open invoice of 1,234.50 USD due in a week; Complete means paid in full unless told otherwise."""
    made = InvoiceRow(
        id=guid(number),
        account=CONTOSO.id,
        number=number,
        name="Microsoft 365, November",
        state=State.BILLED,
        due=date(2026, 11, 30),
        billed=date(2026, 10, 31),
        paid=None,
        total=Decimal("1234.50"),
        tax=Decimal(0),
        charged=Decimal(0),
        currency="USD",
        digits=2,
        contract=CONTRACT.id,
        purchase_order="PO-7",
        terms="Net 30",
        bill_to="Contoso Ltd\n1 Main Street\nSeattle",
        charge=Charge.NONE,
        pay_link="https://pay.example/i/1",
        pay_expires=None,
        changed=NOW,
    )
    made = replace(made, **changes)
    return replace(made, charged=made.total) if made.state is State.COMPLETE and "charged" not in changes else made


def line(of: InvoiceRow, position: int = 1, **changes: Any) -> LineRow:
    """Return a line of 10 licences at 57.00."""
    made = LineRow(
        guid(f"{of.id}/{position}"),
        of.id,
        position,
        "Microsoft 365 E5",
        "Monthly subscription",
        Decimal(10),
        Decimal("57.00"),
        Decimal(0),
        Decimal("570.00"),
    )
    return replace(made, **changes)


def account(id_: str = CONTOSO.id, name: str = CONTOSO.name, address: str = "1 Main Street\nSeattle") -> AccountRow:
    """Return Contoso."""
    return AccountRow(id_, name, address)


def tie(tenant: str = ADA.tenant, account_: str = CONTOSO.id) -> ProviderAccountRow:
    """Return the tie between a tenant and an account."""
    return ProviderAccountRow(guid(f"{tenant}/{account_}"), tenant, account_)


def contact(name: str = "Ada Lindqvist", **changes: Any) -> ContactRow:
    """Return an active contact of Contoso."""
    made = ContactRow(guid(f"contact.{name}"), name, "ada@contoso.example", CONTOSO.id, active=True)
    return replace(made, **changes)


def identity(of: ContactRow, username: str = ADA.id) -> IdentityRow:
    """Return the external identity that binds a contact to an Entra object id."""
    return IdentityRow(guid(f"identity.{of.id}/{username}"), of.id, username)


async def put_invoices(mirror: Mirror, *invoices: InvoiceRow, lines: Sequence[LineRow] = ()) -> None:
    """Mirror two companies, a contract and *invoices*."""
    async with mirror.writing() as batch:
        await batch.put_accounts([account(), account(FABRIKAM.id, FABRIKAM.name, "")])
        await batch.put_contracts([CONTRACT])
        await batch.put_invoices(invoices)
        await batch.replace_lines([each.id for each in invoices], lines)


async def put_ada(mirror: Mirror) -> None:
    """Mirror Ada, Contoso's administrator and finance manager, bound to Contoso's tenant."""
    ada = contact()
    async with mirror.writing() as batch:
        await batch.put_accounts([account()])
        await batch.put_contacts([ada])
        await batch.replace_provider_accounts([tie()])
        await batch.replace_identities([identity(ada)])
        await batch.replace_contact_roles([RoleRow(ada.id, role) for role in BILLING])
        await batch.mark_complete(NOW)
