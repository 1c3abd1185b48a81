"""The product: settings, database, use cases and the command line. Each use case is one transaction."""

#: As ``huying --version`` says it; a test compares it with pyproject.toml.
VERSION = "0.9.0"
