"""Tests of reminders: planning, delivery, schedule."""
