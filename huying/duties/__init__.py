"""Duties on single days: announced, swapped with consent, and entered, moved or cancelled by the station's staff."""
