"""Prefect's interface: its client, its servers, and the link to an issue's run."""
