"""The database: connections, tables as Core sees them, statements, turns and locks."""
