"""Tests of the Dataverse client, over real HTTP."""
