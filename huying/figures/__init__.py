"""Figures: what is open, late and how it stands, for the board and for Prefect."""
