"""Tests of the stand-in for Teams."""
