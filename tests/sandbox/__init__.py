"""Tests of the sandbox: what the other tests stand on must itself be right."""
