"""Copy who may see what: tenants, people, identities and roles, and the companies that they belong to."""

from contextlib import aclosing

from backends.rows import AccountRow, ContactRow, RoleRow
from backends.work365.work import Work
from billing.ports import Json


async def copy_rights(work: Work) -> None:
    """Copy everything that gives or takes a right. What carries the rights changes in one transaction."""
    ties = await work.read_all(work.ask.all_of(work.names.provider_accounts), work.translate.provider_account)
    identities = await work.read_all(work.ask.all_of(work.names.identities), work.translate.identity)
    roles = await _copy_contacts(work)
    async with work.mirror.writing() as batch:
        work.tally.counts["provider accounts"] += await batch.replace_provider_accounts(ties)
        work.tally.counts["identities"] += await batch.replace_identities(identities)
        work.tally.counts["contact roles"] += await batch.replace_contact_roles(roles)


async def copy_companies(work: Work) -> None:
    """Copy companies with their roles, contracts and currencies."""
    await _copy_accounts(work)
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


async def _copy_contacts(work: Work) -> list[RoleRow]:
    path = work.names.web_roles and work.names.web_roles.contact
    held: list[RoleRow] = []

    def translate(row: Json) -> ContactRow:
        contact = work.translate.contact(row)
        held.extend(work.translate.roles(row, contact.id, path))
        return contact

    async with aclosing(work.read(work.ask.contacts(), translate)) as pages:
        async for contacts in pages:
            async with work.mirror.writing() as batch:
                work.tally.counts["contacts"] += await batch.put_contacts(contacts)
    return held


async def _copy_accounts(work: Work) -> None:
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
    async with work.mirror.writing() as batch:
        work.tally.counts["account roles"] += await batch.replace_account_roles(held)
