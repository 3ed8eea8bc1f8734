"""Tests of what Work 365 means in Dataverse."""
