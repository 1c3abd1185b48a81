"""Clocks that ring: claimed, fired, moved by a new calendar, and the trust in the machine's own clock."""
