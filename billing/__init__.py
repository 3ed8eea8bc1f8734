"""Decide: what an invoice is, who may see it, what may be done with it. Standard library only, no I/O."""
