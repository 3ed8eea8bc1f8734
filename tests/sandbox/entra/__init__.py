"""Tests of the stand-in for Entra."""
