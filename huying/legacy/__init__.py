"""Matters from before this house: an office's own sheets are understood, looked at, taken over as issues, and taken back."""
