"""Tests of manifest."""
