"""Deliver on time: due-date reminders, planned in a ledger and sent once."""
