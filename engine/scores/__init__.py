"""Points from the entries of a file by a scoring table: pure, exact, explained line by line."""
