"""Whole stories, as a person lives them: chat, browser, clouds and bot over real HTTP."""
