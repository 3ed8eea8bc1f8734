"""A page that looks and behaves like a chat in Teams, for a person to try the bot with."""
