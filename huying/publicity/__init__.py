"""Publicity: what was published of closed cases and circulars."""
