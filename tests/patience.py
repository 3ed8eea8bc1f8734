"""How long a test waits for what must come."""

from typing import Final

PATIENCE_S: Final = 120.0
"""Ends a test that would hang, and measures nothing: a machine may be busy, or stand still for a while."""
