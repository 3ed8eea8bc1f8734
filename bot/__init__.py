"""Deliver in chat: the front door, the channel and the conversation. The only door to botbuilder."""
