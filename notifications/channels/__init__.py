"""Channels: the ways on which a message leaves the house, one a file."""
