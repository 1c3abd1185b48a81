"""Commands about this command line itself."""
