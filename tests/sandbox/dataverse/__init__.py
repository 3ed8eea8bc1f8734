"""Tests of the stand-in for Dataverse, over real HTTP."""
