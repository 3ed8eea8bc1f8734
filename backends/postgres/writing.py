"""Whether the database takes what is written: it may answer, and yet be read-only or full."""

from typing import LiteralString

from backends.postgres.database import Database

# The row is taken back before anybody sees it, by the end of the inner block.
_TRY: LiteralString = """
    do $do$ begin
        insert into bot.inbox (id, body, accepted, taken) values (uuid_send(gen_random_uuid()), '', now(), now());
        raise sqlstate 'MYI00';
    exception when sqlstate 'MYI00' then null;
    end $do$
"""


class PostgresWriting:
    """Writes a row and takes it back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def check(self) -> None:
        """Do nothing where a message could be kept. Raises SourceDown where not."""
        async with self._database.shared() as connection:
            await connection.execute(_TRY)
