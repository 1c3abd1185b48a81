"""Flows that come round by the clock: sweeping, sending, retention, figures, plans."""
