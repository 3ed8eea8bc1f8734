"""Read Dataverse's Web API: one polite, patient client for everything that the bot asks of Work 365's environment."""
