"""Benchmarks: each prints a ratio to a peer or a floor that ran beside it."""
