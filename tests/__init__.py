"""Tests: they mirror the house; journeys tell whole stories over real HTTP."""
