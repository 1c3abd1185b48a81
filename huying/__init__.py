"""The product: settings, database, use cases and the command line. Each use case is one transaction."""
