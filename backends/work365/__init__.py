"""Work 365 in Dataverse: its names, its rows in our words, the sync into the mirror, and fresh reads past it."""
