"""Expressions: the small sandboxed language of conditions, sums and dates."""
