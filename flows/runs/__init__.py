"""Runs that carry effects out: one by one, in batches, calls, at a measured pace."""
