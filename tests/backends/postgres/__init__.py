"""Tests of backends/postgres/, against a real PostgreSQL."""
