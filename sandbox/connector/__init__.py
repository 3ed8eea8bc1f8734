"""A stand-in for Teams: the channel that carries activities to and from the bot, and what its clients do with them."""
