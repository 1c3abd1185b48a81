"""Copies of the house that are kept elsewhere, and a house made again from one: the database, the attachments, and what must not be sent twice."""
