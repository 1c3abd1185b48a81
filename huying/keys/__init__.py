"""The ring of keys: by which what is private is sealed at rest, kept apart from the database and from its backups."""
