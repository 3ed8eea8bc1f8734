"""Speak: Adaptive Cards 1.5 as pure functions. Billing's values in, a card out; no I/O."""
