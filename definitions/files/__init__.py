"""Yearly files as data: their chapters, what stands in each, and which events of an issue become an entry."""
