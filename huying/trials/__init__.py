"""Trials of a definition: rehearsed, replayed against the history, simulated, with their reports."""
