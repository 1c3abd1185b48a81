"""Commands about stations seen as a whole."""
