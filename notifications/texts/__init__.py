"""Texts: templates rendered in a sandbox, for a reader's language."""
