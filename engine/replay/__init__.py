"""Replay: the history decided once more by another version."""
