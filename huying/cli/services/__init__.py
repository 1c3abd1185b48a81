"""Commands that start the house, whole or in parts."""
