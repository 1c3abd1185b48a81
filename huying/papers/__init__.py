"""Papers: Word templates that an office edits itself, filled, numbered and kept as they were made."""
