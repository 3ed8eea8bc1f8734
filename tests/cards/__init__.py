"""The cards: what they say, what they carry, and what they never let through."""
