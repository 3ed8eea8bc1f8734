"""Copy who may see what: tenants, people, identities and roles, and the companies that they belong to."""

from collections.abc import Sequence
from contextlib import aclosing

from backends.rows import AccountRow, ContactRow, RoleRow, Table
from backends.work365.translate import row_id
from backends.work365.work import Work
from billing.ports import Json


async def copy_rights(work: Work, *, is_slow: bool) -> None:
    """Copy everything that gives or takes a right, deleted contacts too. What carries the rights changes in one transaction.

    is_slow  read the companies; else they are read only where a role hangs on one, since it might have gone
    """
    ties = await work.read_all(work.ask.all_of(work.names.provider_accounts), work.translate.provider_account)
    identities = await work.read_all(work.ask.all_of(work.names.identities), work.translate.identity)
    of_accounts = await _copy_accounts(work) if is_slow or await work.mirror.has_account_roles() else []
    of_contacts, contacts = await _copy_contacts(work)
    gone = await _gone(work, contacts)
    counts = work.tally.counts
    async with work.mirror.writing() as batch:
        counts["provider accounts"] += await batch.replace_provider_accounts(ties)
        counts["identities"] += await batch.replace_identities(identities)
        counts["contact roles"] += await batch.replace_contact_roles(of_contacts)
        counts["account roles"] += await batch.replace_account_roles(of_accounts)
        counts["deleted contacts"] += await batch.remove(Table.CONTACTS, gone)


async def copy_terms(work: Work) -> None:
    """Copy what companies' invoices name: contracts and currencies."""
    async with aclosing(work.read(work.ask.all_of(work.names.contracts), work.translate.contract)) as pages:
        async for contracts in pages:
            async with work.mirror.writing() as batch:
                work.tally.counts["contracts"] += await batch.put_contracts(contracts)
    await copy_currencies(work)


async def copy_currencies(work: Work) -> None:
    """Copy currencies."""
    currencies = await work.read_all(work.ask.all_of(work.names.currencies), work.translate.currency)
    async with work.mirror.writing() as batch:
        work.tally.counts["currencies"] += await batch.put_currencies(currencies)


async def _copy_contacts(work: Work) -> tuple[list[RoleRow], list[str]]:
    """Copy people; return the roles that they have, and the ids of them all."""
    path = work.names.web_roles and work.names.web_roles.contact
    held: list[RoleRow] = []
    seen: list[str] = []

    def translate(row: Json) -> ContactRow:
        seen.append(row_id(row, work.names.contacts.id))  # first: one that makes no sense has not gone
        contact = work.translate.contact(row)
        held.extend(work.translate.roles(row, contact.id, path))
        return contact

    async with aclosing(work.read(work.ask.contacts(), translate)) as pages:
        async for contacts in pages:
            async with work.mirror.writing() as batch:
                work.tally.counts["contacts"] += await batch.put_contacts(contacts)
    return held, seen


async def _gone(work: Work, contacts: Sequence[str]) -> list[str]:
    """Return the ids of people whom the mirror has and Work 365 has no longer."""
    unseen = await work.mirror.contacts_besides(contacts)
    if unseen and not contacts:  # a lost privilege is likelier than the end of everybody, whose roles are gone in any case
        work.tally.reported[f"{Table.CONTACTS} although Work 365 shows none"] += len(unseen)
        return []
    return await work.gone(work.names.contacts, unseen)


async def _copy_accounts(work: Work) -> list[RoleRow]:
    """Copy companies; return the roles that hang on them."""
    path = work.names.web_roles and work.names.web_roles.account
    held: list[RoleRow] = []

    def translate(row: Json) -> AccountRow:
        account = work.translate.account(row)
        held.extend(work.translate.roles(row, account.id, path))
        return account

    async with aclosing(work.read(work.ask.accounts(), translate)) as pages:
        async for accounts in pages:
            async with work.mirror.writing() as batch:
                work.tally.counts["accounts"] += await batch.put_accounts(accounts)
    return held
