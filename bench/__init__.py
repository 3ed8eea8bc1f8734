"""Benchmarks: what a turn costs, beside the least it could cost and beside other ways to build a bot."""
