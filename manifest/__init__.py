"""The Teams app: what the store and the client show of the bot, and the package that an administrator uploads."""
