"""The same echo on other SDKs, each in its own environment (``make bench-peers``) and as its documentation shows it."""
