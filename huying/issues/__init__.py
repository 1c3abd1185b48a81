"""Issues: opened, acted on, kept and shown."""
