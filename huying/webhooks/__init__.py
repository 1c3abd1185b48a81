"""Webhooks out of the house: other systems are told, signed and in time, of what happens to issues; never anything private."""
