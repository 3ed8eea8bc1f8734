"""Servers to compare ours with, which run in this project's own environment."""
