"""Bring the catalogues under ``locale/`` up to date with the sentences in the code."""

from tests.words.extract import update

update()
