"""Deliver in a browser: sign-in, invoice pages, files, health."""
