"""Commands about reports of a month, a quarter or a year."""
