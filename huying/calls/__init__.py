"""Telephone calls as a call centre tells of them: who rings whom, what became of it, and where the recording lies (never in the house)."""
