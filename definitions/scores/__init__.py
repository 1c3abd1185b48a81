"""Scoring tables as data: what an entry of a file is worth, what is capped, which bands there are."""
