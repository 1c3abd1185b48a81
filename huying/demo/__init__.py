"""The demo: one issue played from a phone to closure, in a sample city."""
