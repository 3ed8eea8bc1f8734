"""Introduces the parts that deliver in chat."""

from dataclasses import dataclass
from datetime import timedelta

from assembly.backends import Backends
from assembly.invoices import reseller_of
from assembly.paying import pay_rule
from assembly.people import People
from auth.keys import SigningKeys
from auth.tokens import ChannelTokens
from backends.postgres.conversations import PostgresConversations
from backends.postgres.following import PostgresFollowed
from backends.postgres.forgetting import Forgetting
from backends.postgres.inbox import PostgresInbox
from backends.postgres.invoices import PostgresInvoices
from backends.postgres.ledger_wishes import PostgresChoosing
from backends.postgres.sessions import PostgresSessions
from backends.postgres.shown import PostgresShown
from billing.due import Custom
from billing.people import SignInRequest
from billing.queries import InvoiceQueries
from bot.adapter import Channel
from bot.addressees import Addressees
from bot.chat import Chat, Records
from bot.commands import Commands
from bot.connector import Connector
from bot.flood import PRESSES, Flood
from bot.following import Following
from bot.front_door import FrontDoor
from bot.known_chats import KnownChats
from bot.notifier import Notifier
from bot.paid import PaidNotices
from bot.reminders import ReminderCommands
from bot.sign_in import ChatSignIn
from bot.teams import TeamsBot
from bot.turns import Turns
from cards.contact import Provider
from settings import Settings


@dataclass(frozen=True, slots=True)
class ChatSide:
    """The bot, from its front door to the connector."""

    door: FrontDoor
    turns: Turns
    connector: Connector
    channel_keys: SigningKeys
    following: Following

    @classmethod
    def of(cls, backends: Backends, people: People) -> "ChatSide":
        """Build it."""
        rows, clock, clouds, settings = backends.rows, backends.clock, backends.clouds, backends.settings
        links, pay = backends.links, pay_rule(backends)
        dated_after = timedelta(seconds=2 * settings.sync_interval_s)
        queries = InvoiceQueries(PostgresInvoices(rows))
        custom = Custom(settings.reminder_days, settings.reminder_hour)
        reminders = ReminderCommands(PostgresChoosing(rows), queries, custom, links)
        commands = Commands(queries, backends.work365.details, reminders, links, pay, clock, dated_after)
        records, measures = Records(Forgetting(backends.all_rows, clock), people.audit, links), backends.measures
        chat = Chat(people.sign_in, people.callers, commands, records, clock, provider=_provider(settings), measures=measures)
        sign_in = ChatSignIn(people.single_sign_on, PostgresSessions(rows))
        conversations, shown = PostgresConversations(rows, clock), PostgresShown(rows, clock)

        async def on_signed_in(request: SignInRequest) -> None:
            await turns.resume(request)

        known = KnownChats(conversations, people.audit, clock)
        bot = TeamsBot(chat, sign_in, on_signed_in, known, shown, links, clock)
        connector = Connector(backends.http, backends.token, clouds.hosts, measures=measures)
        turns = Turns(Channel(connector), PostgresInbox(rows, clock), bot.on_turn, clock, doubt=known.doubt)
        keys = SigningKeys(backends.http, clouds.metadata, clock)
        tokens = ChannelTokens(keys, clouds.bot.client_id, clock)
        door = FrontDoor(tokens, clouds.hosts, Flood(clock), Flood(clock, PRESSES), turns, measures)
        followed = PostgresFollowed(backends.all_rows)
        notices = PaidNotices(
            Addressees(people.callers, conversations),
            PostgresInvoices(rows),
            followed,
            Notifier(connector, conversations),
            links,
            pay,
            clock,
        )
        return cls(door, turns, connector, keys, Following(followed, notices, clock))


def _provider(settings: Settings) -> Provider:
    """Return who sends the bills, as the pages name them."""
    reseller = reseller_of(settings)
    return Provider(reseller.name, reseller.contact)
