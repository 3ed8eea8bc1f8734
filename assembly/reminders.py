"""Introduces the parts that deliver on time."""

from dataclasses import dataclass

from assembly.backends import Backends
from assembly.chat import ChatSide
from assembly.paying import pay_rule
from assembly.people import People
from backends.postgres.conversations import PostgresConversations
from backends.postgres.job_lines import JobLines
from backends.postgres.ledger import PostgresPlans
from backends.postgres.ledger_outbox import PostgresOutbox
from backends.postgres.ledger_oversight import PostgresOversight
from billing.due import Custom
from billing.ports import Callers, Clock
from bot.notifier import GCC, Notifier
from reminders.deliver import Delivery
from reminders.plan import Planner
from reminders.schedule import ReminderSchedule


@dataclass(frozen=True, slots=True)
class Reminders:
    """From the plan to the operator's view of what became of it."""

    plans: PostgresPlans
    planner: Planner
    delivery: Delivery
    outbox: PostgresOutbox
    oversight: PostgresOversight
    callers: Callers
    schedule: ReminderSchedule
    clock: Clock

    @classmethod
    def of(cls, backends: Backends, people: People, chat: ChatSide, clock: Clock) -> "Reminders":
        """Build them; *clock* is what they go by, and may be another than everybody else's."""
        settings, rows = backends.settings, backends.all_rows
        custom, links = Custom(settings.reminder_days, settings.reminder_hour), backends.links
        gcc = f"{settings.sandbox_url}/connector" if settings.sandbox_url else GCC
        messenger = Notifier(chat.connector, PostgresConversations(backends.rows, backends.clock), gcc)
        plans = PostgresPlans(rows, people.identity, by_email=backends.mapping.by_email)
        outbox, oversight, planner = PostgresOutbox(rows, backends.clock), PostgresOversight(rows), Planner(plans, custom, clock)
        delivery = Delivery(outbox, people.callers, messenger, custom, links, pay_rule(backends), clock)
        schedule = ReminderSchedule(JobLines(rows), planner, delivery, outbox, oversight, clock, backends.measures)
        return cls(plans, planner, delivery, outbox, oversight, people.callers, schedule, clock)
